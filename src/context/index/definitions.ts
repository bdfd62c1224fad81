import type { Family } from '../collect/kinds.ts';

/** Matches at the start of a line (sticky, after indentation); the first group that is there is the defined name. */
const MODIFIERS =
  '(?:(?:public|private|protected|internal|static|final|abstract|override|virtual|async|export|default|declare|readonly|sealed|partial|inline|open|suspend|const|unsafe|extern(?:\\s+"[^"]*")?|synchronized|native|transient|volatile|get|set|data|implicit|lazy|pub(?:\\([^)]*\\))?)\\s+)*';
const sticky = (source: string): RegExp => new RegExp(source, 'y');
/** A body that begins and may end on the line of its head, or a head that goes on. */
const BODY = '(?:[^;{}]*\\{|[^;]*$)';

const SCRIPT = sticky(
  `${MODIFIERS}(?:function\\b\\s*\\*?\\s*([\\w$]+)|(?:class|interface|enum|namespace|module)\\s+([\\w$.]+)|type\\s+([\\w$]+)\\s*(?:[=<]|$)` +
    `|(?:const|let|var)\\s+([\\w$]+)\\s*(?::[^=]{1,80})?=\\s*(?:async\\s*)?(?:function\\b|class\\b|\\([^()]*\\)\\s*(?::[^=]{1,60})?=>|[\\w$]+\\s*=>)` +
    `|(?:[\\w$]+\\.)*([\\w$]+)\\s*=\\s*(?:async\\s*)?(?:function\\b|class\\b|\\([^()]*\\)\\s*=>)` +
    `|['"]?([\\w$-]+)['"]?\\s*:\\s*(?:async\\s*)?(?:function\\b|\\([^()]*\\)\\s*=>)` +
    `|[*#]?(?!(?:if|for|while|switch|catch|return|function|with|super|constructor\\.)\\b)([\\w$]+)\\s*(?:<[^>()]*>)?\\((?:[^;{}]|\\{\\})*\\)\\s*(?::[^;={}]{1,80})?\\{\\s*$)`,
);
/** A method or function whose parameters go on below: only the line that closes them tells it from a call. */
const OPEN_SCRIPT = sticky(
  `${MODIFIERS}(?:(?:const|let|var)\\s+([\\w$]+)\\s*(?::[^=]{1,80})?=\\s*(?:async\\s*)?` +
    `|[*#]?(?!(?:if|for|while|switch|catch|return|function|with|super|await|yield|new|throw|typeof)\\b)([\\w$]+)\\s*)(?:<[^()]*>)?\\(\\s*[{[]?\\s*$`,
);
const CLOSES_PARAMETERS = /^\s*(?:[}\]]?\)\s*(?::.*[^;,)\s]|=>.*|\{\s*\}?)|\}\s*:.*)\s*$/;

const JAVA = sticky(
  `(?:@[\\w.]+(?:\\([^()]{0,200}\\))?\\s+)*${MODIFIERS}(?:(?:class|interface|@interface|enum|record|struct|trait|object|fun|func|def|namespace|extension|protocol|actor|mixin)\\s+(?:<[^>]*>\\s*)?(?:[\\w.]+\\.)?([\\w$]+)` +
    `|(?!(?:return|new|throw|else|case|assert|if|for|while|switch|catch|using|lock|await|yield|package|import|goto|when)\\b)(?:<[^>]*>\\s*)?[A-Za-z_$@][\\w.$<>\\[\\],?&@\\s]{0,120}?\\s+(?:[\\w<>]+\\.)*([\\w$]+)\\s*\\((?:[^;]*$|[^;{}()]*\\)[^;{}()]*[;{])` +
    `|(?!(?:if|for|while|switch|catch|synchronized|return|super|this)\\b)([A-Z][\\w$]*)\\s*\\([^;{}]*\\)[^;{}()]*\\{)`,
);
const CSHARP = sticky(
  `${JAVA.source}|(?:(?:public|private|protected|internal|static|virtual|override|abstract|sealed|readonly|required|new)\\s+)+` +
    `[A-Za-z_][\\w.<>\\[\\],?\\s]{0,120}?\\s+(\\w+)\\s*(?:\\{[^;]*$|\\{\\s*(?:get|set|init|private|internal|protected)\\b|=>|$)`,
);
const CPP = sticky(
  `(?:(?:typedef\\s+)?(?:class|struct|enum(?:\\s+class)?|union|namespace)\\s+(?:[A-Z_]+\\s+)?([\\w:]+)[^;]*$|#\\s*define\\s+(\\w+)|template\\b.*$` +
    `|(?!(?:return|else|if|for|while|switch|case|goto|delete|new|using|typedef|throw|co_return|co_await|co_yield)\\b)` +
    `[A-Za-z_][\\w:<>,*&~\\s\\[\\]]{0,120}?[\\s*&>]([\\w:~]+|(?:[\\w:]+::)?operator\\s*[^\\s\\w(]{1,3})\\s*\\(${BODY})`,
);
/** Without a type before the name: a constructor, an old way to write, or, inside of something, rather a call. */
const UNTYPED_CPP = sticky('(?!(?:if|for|while|switch|return|defined|sizeof|catch)\\b)([\\w:~]+)\\s*\\(');
const UNTYPED_BODY = /^[^;[]*\)[^;()=]*(?:\{|:\s*\w[\w:<>]*[({])/;

const PATTERNS: Partial<Record<Family, RegExp>> = {
  python: sticky(
    '(?:async\\s+)?(?:def|class|cdef class)\\s+(\\w+)|(?:cdef|cpdef)\\s+(?:[\\w*]+\\s+){0,6}\\**(\\w+)\\s*\\(',
  ),
  javascript: SCRIPT,
  typescript: SCRIPT,
  tsx: SCRIPT,
  java: JAVA,
  csharp: CSHARP,
  kotlin: JAVA,
  scala: JAVA,
  swift: JAVA,
  go: sticky('func\\s+(?:\\([^)]*\\)\\s*)?(\\w+)|(?:type|var|const)\\s+(\\w+)'),
  rust: sticky(
    `${MODIFIERS}(?:fn|struct|enum|trait|mod|union|type|macro_rules!)\\s+(\\w+)` +
      `|(?:unsafe\\s+)?impl\\b(?:<(?:[^<>]|<[^<>]*>)*>)?\\s*(?:[^{]*?\\bfor\\s+)?[&'\\s]*(?:(?:mut|dyn)\\s+)?(?:\\w+::)*(\\w+)?`,
  ),
  ruby: sticky(
    '(?:def|class|module|defp|defmodule|defmacro|sub|function|local function)\\s+(?:self\\.)?([\\w.?!:]+|[^\\s\\w#]{1,3}(?=\\s*\\())',
  ),
  php: sticky(`${MODIFIERS}(?:function\\s+&?(\\w+)|(?:class|interface|trait|enum)\\s+(\\w+))`),
  cpp: CPP,
  bash: sticky('(?:function\\s+([\\w-]+)|([\\w-]+)\\s*\\(\\)\\s*\\{?)'),
  powershell: sticky('(?:function|filter|class)\\s+([\\w-]+)'),
  css: sticky('([.#@]?[\\w-][^{};]*)\\{\\s*$'),
  prose: sticky('#{1,6}\\s+(\\S.*)$'),
};

const SCRIPT_SIGN = /=>|\{\s*$|function|class|interface|enum|namespace|module|type/;

/** What every line that defines something has somewhere: a quick look that spares most lines the whole pattern. */
const SIGNS: Partial<Record<Family, RegExp>> = {
  javascript: SCRIPT_SIGN,
  typescript: SCRIPT_SIGN,
  tsx: SCRIPT_SIGN,
  php: /function|class|interface|trait|enum/,
  css: /\{\s*$/,
};

/**
 * The name defined on a line that begins at `start` (after indentation), `''` for a nameless definition, or `null`.
 * `closing` gives the next line that is indented no deeper, where there is one: it is asked for heads that go on below.
 */
export function definedAt(family: Family, line: string, start: number, closing?: () => string): string | null {
  const pattern = PATTERNS[family];
  if (!pattern) return null;
  if (SIGNS[family]?.test(line) !== false) {
    const name = nameAt(pattern, line, start);
    if (name !== null) return name;
  }
  if (family === 'cpp') return untypedAt(line, start);
  if (pattern !== SCRIPT || !closing || !OPENS.test(line)) return null;
  const name = nameAt(OPEN_SCRIPT, line, start);
  return name && CLOSES_PARAMETERS.test(closing()) ? name : null;
}

const OPENS = /\(\s*[{[]?\s*$/;

function nameAt(pattern: RegExp, line: string, start: number): string | null {
  pattern.lastIndex = start;
  const match = pattern.exec(line);
  if (!match) return null;
  for (let i = 1; i < match.length; i++) if (match[i] !== undefined) return match[i]!;
  return '';
}

function untypedAt(line: string, start: number): string | null {
  UNTYPED_CPP.lastIndex = start;
  const match = UNTYPED_CPP.exec(line);
  if (!match) return null;
  const rest = line.slice(UNTYPED_CPP.lastIndex);
  const isHead = start === 0 ? !rest.includes(';') || UNTYPED_BODY.test(rest) : UNTYPED_BODY.test(rest);
  return isHead ? match[1]! : null;
}

/** Whether a definition can begin with a character: a quick look that spares most lines the pattern. */
export function mayDefine(family: Family, code: number): boolean {
  if (family === 'python') return code === 97 || code === 99 || code === 100;
  return code !== 47 && code !== 125;
}

/** The deepest indentation, in columns, at which a definition still begins a piece of its own. */
export const DEEPEST_DEFINITION: Partial<Record<Family, number>> = { python: 8, go: 0, prose: 0 };
