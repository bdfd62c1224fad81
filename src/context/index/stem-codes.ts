const [A, D, E, G, I, N, O, R, S, U, Y, Z] = Array.from('adeginorsuyz', (letter) => letter.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
const DOUBLED = new Set(Array.from('bdgklmnprt', (letter) => letter.charCodeAt(0)));

/**
 * What `stem` does, to the first `length` codes of lower-case ASCII letters or of digits: returns how many of them the
 * stem has, and may write its last one.
 */
export function stemmed(codes: Uint8Array, length: number): number {
  if (length < 4 || codes[0]! < A || codes[0]! > Z) return length;
  const n = withoutEnding(codes, withoutPlural(codes, length));
  const last = codes[n - 1];
  if (last === E && n > 3) return n - 1;
  if (last === Y && n > 3) codes[n - 1] = I;
  return n;
}

function withoutPlural(codes: Uint8Array, n: number): number {
  if (codes[n - 1] !== S) return n;
  const before = codes[n - 2]!;
  if (before === E && codes[n - 3] === S && codes[n - 4] === S) return n - 2;
  if (before === E && codes[n - 3] === I && n > 4) return n - 2;
  return before === S || before === U || before === I ? n : n - 1;
}

function withoutEnding(codes: Uint8Array, n: number): number {
  const last = codes[n - 1]!;
  const before = codes[n - 2]!;
  if (last === G && before === N && codes[n - 3] === I && n > 5) return undoubled(codes, n - 3);
  if (last === D && before === E && n > 4) return undoubled(codes, n - 2);
  if (last === R && before === E && n > 4) return undoubled(codes, n - 2);
  return last === N && before === O && codes[n - 3] === I && n > 5 ? n - 3 : n;
}

function undoubled(codes: Uint8Array, n: number): number {
  return codes[n - 1] === codes[n - 2] && DOUBLED.has(codes[n - 1]!) ? n - 1 : n;
}
