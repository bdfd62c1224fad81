import type { Family } from '../collect/kinds.ts';

/** Matches at the start of a line (sticky, after indentation); the first group that is there is the defined name. */
const MODIFIERS =
  '(?:(?:public|private|protected|internal|static|final|abstract|override|virtual|async|export|default|declare|readonly|sealed|partial|inline|open|suspend|const|unsafe|extern|synchronized|native|transient|volatile|get|set|data|implicit|lazy|pub(?:\\([^)]*\\))?)\\s+)*';
const sticky = (source: string): RegExp => new RegExp(source, 'y');

const SCRIPT = sticky(
  `${MODIFIERS}(?:function\\s*\\*?\\s*([\\w$]+)|(?:class|interface|enum|namespace|module|type)\\s+([\\w$.]+)` +
    `|(?:const|let|var)\\s+([\\w$]+)\\s*(?::[^=]{1,80})?=\\s*(?:async\\s*)?(?:function\\b|class\\b|\\([^()]*\\)\\s*(?::[^=]{1,60})?=>|[\\w$]+\\s*=>)` +
    `|(?:[\\w$]+\\.)*([\\w$]+)\\s*=\\s*(?:async\\s*)?(?:function\\b|class\\b|\\([^()]*\\)\\s*=>)` +
    `|['"]?([\\w$-]+)['"]?\\s*:\\s*(?:async\\s*)?(?:function\\b|\\([^()]*\\)\\s*=>)` +
    `|[*#]?(?!(?:if|for|while|switch|catch|return|function|with|super|constructor\\.)\\b)([\\w$]+)\\s*(?:<[^>()]*>)?\\([^;{}]*\\)\\s*(?::[^;={}]{1,80})?\\{\\s*$)`,
);
const JAVA = sticky(
  `(?:@[\\w.]+(?:\\([^()]{0,200}\\))?\\s+)*${MODIFIERS}(?:(?:class|interface|enum|record|struct|trait|object|fun|func|def|namespace|extension|protocol|actor|mixin)\\s+(?:<[^>]*>\\s*)?(?:[\\w.]+\\.)?([\\w$]+)` +
    `|(?!(?:return|new|throw|else|case|assert|if|for|while|switch|catch|using|lock|await|yield|package|import)\\b)(?:<[^>]*>\\s*)?[\\w.$<>\\[\\],?&\\s]{1,120}?\\s+([\\w$]+)\\s*\\([^;]*$` +
    `|(?!(?:if|for|while|switch|catch|synchronized|return|super|this)\\b)([A-Z][\\w$]*)\\s*\\([^;]*\\{\\s*$)`,
);
const CPP = sticky(
  '(?:(?:class|struct|enum(?:\\s+class)?|union|namespace)\\s+(?:[A-Z_]+\\s+)?([\\w:]+)[^;]*$|#\\s*define\\s+(\\w+)|template\\b.*$' +
    '|(?!(?:return|else|if|for|while|switch|case|goto|delete|new|using|typedef)\\b)[\\w:<>,*&~\\s\\[\\]]{0,120}?[\\s*&]?([\\w:~]+)\\s*\\([^;]*$)',
);

const PATTERNS: Partial<Record<Family, RegExp>> = {
  python: sticky('(?:async\\s+)?(?:def|class|cdef class)\\s+(\\w+)|(?:cdef|cpdef)\\s+[\\w\\s*]*?(\\w+)\\s*\\('),
  javascript: SCRIPT,
  typescript: SCRIPT,
  tsx: SCRIPT,
  java: JAVA,
  csharp: JAVA,
  kotlin: JAVA,
  scala: JAVA,
  swift: JAVA,
  go: sticky('func\\s+(?:\\([^)]*\\)\\s*)?(\\w+)|type\\s+(\\w+)'),
  rust: sticky(
    `${MODIFIERS}(?:fn|struct|enum|trait|mod|union|type|macro_rules!)\\s+(\\w+)|impl\\b(?:\\s*<[^>]*>)?\\s*(?:[\\w:<>,\\s&']+\\s+for\\s+)?(\\w+)`,
  ),
  ruby: sticky('(?:def|class|module|defp|defmodule|defmacro|sub|function|local function)\\s+(?:self\\.)?([\\w.?!:]+)'),
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

/** The name defined on a line that begins at `start` (after indentation), `''` for a nameless definition, or `null`. */
export function definedAt(family: Family, line: string, start: number): string | null {
  const pattern = PATTERNS[family];
  if (!pattern || SIGNS[family]?.test(line) === false) return null;
  pattern.lastIndex = start;
  const match = pattern.exec(line);
  if (!match) return null;
  for (let i = 1; i < match.length; i++) if (match[i] !== undefined) return match[i]!;
  return '';
}

/** Whether a definition can begin with a character: a quick look that spares most lines the pattern. */
export function mayDefine(family: Family, code: number): boolean {
  if (family === 'python') return code === 97 || code === 99 || code === 100;
  return code !== 47 && code !== 125;
}

/** The deepest indentation, in columns, at which a definition still begins a piece of its own. */
export const DEEPEST_DEFINITION: Partial<Record<Family, number>> = { python: 8, go: 0, prose: 0 };
