import picomatch from 'picomatch';

/** Longer patterns are no file patterns. */
const MAX_LENGTH = 1_000;

/**
 * A pattern as shells and runners write it (`**`, `*`, `?`, `[ab]`, `{a,b}`, `@(a|b)`, `?(a)`) over `/` paths, hidden
 * names included; a pattern that is malformed or too long means the name it spells. Never throws.
 */
export function globExpression(glob: string): RegExp {
  const pattern = glob.replace(/^\.\//, '').replaceAll('[!', '[^');
  if (pattern === '' || pattern.length > MAX_LENGTH) return literal(pattern);
  try {
    return picomatch.makeRe(pattern, { dot: true, nonegate: true, strictSlashes: true });
  } catch {
    return literal(pattern);
  }
}

function literal(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
