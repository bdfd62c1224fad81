import { Buffer } from 'node:buffer';

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};
const UNESCAPES = new Map(Object.entries(ESCAPES).map(([character, escaped]) => [escaped[1]!, character]));

/** A file name as git writes it in a diff: C-quoted, bytes beyond ASCII in octal, when it holds anything unusual. */
export function quoteName(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name) && !/["\\]/.test(name)) return name;
  const bytes = [...Buffer.from(name)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (ESCAPES[character]) return ESCAPES[character];
    return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : character;
  });
  return `"${bytes.join('')}"`;
}

/** The name that a quoted or plain text stands for. */
export function unquoteName(text: string): string {
  if (!/^".*"$/s.test(text)) return text;
  const bytes: number[] = [];
  for (const [part, octal, escaped] of text.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+|\\/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else bytes.push(...Buffer.from(escaped === undefined ? part : (UNESCAPES.get(escaped) ?? escaped)));
  }
  return Buffer.from(bytes).toString();
}

/** Why a path of a patch is refused, or `null`: it must stay inside the workspace and out of `.git`. */
export function refusal(path: string): string | null {
  if (path === '' || path.includes('\0')) return 'is not a file name';
  if (/^([\\/]|[A-Za-z]:([\\/]|$))/.test(path)) return 'is an absolute path';
  const parts = path.split(/[\\/]/);
  if (parts.includes('..')) return 'leads out of the workspace';
  if (parts.some((part) => isGitFolder(part))) return 'is inside .git';
  return parts.some((part) => part === '' || part === '.') ? 'is not a plain path' : null;
}

/** Also the spellings that some file systems take for `.git`. */
function isGitFolder(part: string): boolean {
  const plain = part
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return plain === '.git' || plain === 'git~1' || plain.startsWith('.git:');
}
