import type { Family } from '../collect/kinds.ts';

/** One import as written: the module's name split into path parts, and how many folders up it starts (`null`: absolute). */
export interface Import {
  readonly parts: readonly string[];
  readonly up: number | null;
  /** Names taken from the module, where the language says them. */
  readonly names: readonly string[];
}

const SCRIPT = /\b(?:from|require\(|import\(?)\s*['"]([^'"\n]{1,200})['"]/g;
const PYTHON =
  /[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]{0,2000}\)|[^\n#]*)|import[ \t]+([\w., \t]+))/y;
const DOTTED = /^[ \t]*(?:import|using)[ \t]+(?:static[ \t]+)?([\w.]+)/gm;
const GO = /^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?"([\w./-]+)"[ \t]*$/gm;
const RUST = /^[ \t]*(?:pub[ \t]+)?(?:use|mod)[ \t]+([\w:]+)/gm;
const RUBY = /^[ \t]*(?:require|require_relative|load|autoload[^,\n]*,)[ \t]*\(?['"]([^'"\n]+)['"]/gm;
const PHP = /^[ \t]*(?:use[ \t]+([\w\\]+)|(?:require|include)(?:_once)?\b[^'"\n]*['"]([^'"\n]+)['"])/gm;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*["<]([^">\n]+)[">]/gm;
const MOST = 200;

/** What a source file imports, in order, as far as its language's usual forms tell. */
export function importsOf(text: string, family: Family): Import[] {
  const found: Import[] = [];
  const take = (pattern: RegExp, add: (match: RegExpMatchArray) => void): Import[] => {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match && found.length < MOST; match = pattern.exec(text)) add(match);
    return found;
  };
  const path = (specifier: string): number => found.push(pathImport(specifier));
  switch (family) {
    case 'python':
      return takePython(text, found);
    case 'javascript':
    case 'typescript':
    case 'tsx':
      return take(SCRIPT, (match) => path(match[1]!));
    case 'java':
    case 'kotlin':
    case 'scala':
    case 'csharp':
    case 'swift':
      return take(DOTTED, (match) => found.push({ parts: match[1]!.split('.').filter(Boolean), up: null, names: [] }));
    case 'go':
      return take(GO, (match) => path(match[1]!));
    case 'rust':
      return take(RUST, (match) => found.push({ parts: rustParts(match[1]!), up: null, names: [] }));
    case 'ruby':
      return take(RUBY, (match) => path(match[1]!));
    case 'php':
      return take(PHP, (match) => path((match[1] ?? match[2])!.replaceAll('\\', '/')));
    case 'cpp':
    case 'css':
      return take(INCLUDE, (match) => path(match[1]!));
    default:
      return found;
  }
}

/** Looks only at lines that hold the word: a pattern tried at every line costs more than all else. */
function takePython(text: string, found: Import[]): Import[] {
  let done = 0;
  for (let at = text.indexOf('import'); at >= 0 && found.length < MOST; at = text.indexOf('import', at + 6)) {
    const lineStart = text.lastIndexOf('\n', at) + 1;
    if (lineStart < done) continue;
    PYTHON.lastIndex = lineStart;
    const match = PYTHON.exec(text);
    if (match) pythonImports(match, found);
    done = match ? PYTHON.lastIndex : at + 6;
  }
  return found;
}

function pathImport(specifier: string): Import {
  const parts = specifier.split('/').filter((part) => part !== '' && part !== '.');
  const up = parts.filter((part) => part === '..').length;
  const rest = parts
    .filter((part) => part !== '..')
    .map((part) => part.replace(/\.(?:[cm]?[jt]sx?|vue|rb|php|h|hpp|hh)$/, ''));
  return { parts: rest, up: specifier.startsWith('.') ? up : null, names: [] };
}

function pythonImports(match: RegExpMatchArray, found: Import[]): void {
  const [, dots, module, names, plain] = match;
  if (plain !== undefined) {
    for (const one of plain.split(','))
      found.push({ parts: one.trim().split(/\s/)[0]!.split('.').filter(Boolean), up: null, names: [] });
    return;
  }
  const taken = (names ?? '')
    .replace(/[()]/g, '')
    .split(',')
    .map((name) => name.trim().split(/\s/)[0]!)
    .filter((name) => /^\w+$/.test(name));
  found.push({ parts: module!.split('.').filter(Boolean), up: dots ? dots.length - 1 : null, names: taken });
}

function rustParts(path: string): string[] {
  return path.split('::').filter((part) => part && !['crate', 'self', 'super', 'std', 'core'].includes(part));
}
