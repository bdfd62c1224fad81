import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/context/collect/kinds.ts';
import { definedAt, mayDefine } from '../../../src/context/index/definitions.ts';

/** The name a line defines, as the cutting of pieces asks for it; `closing` is the next line that is indented no deeper. */
function defined(family: Family, line: string, closing = ''): string | null {
  const indent = line.length - line.trimStart().length;
  return mayDefine(family, line.charCodeAt(indent)) ? definedAt(family, line, indent, () => closing) : null;
}

const DEFINITIONS: Partial<Record<Family, Readonly<Record<string, string>>>> = {
  python: {
    'def zebra(a):': 'zebra',
    '    async def zebra(self):': 'zebra',
    'class Zebra(Horse):': 'Zebra',
    'cdef class Zebra:': 'Zebra',
    'cpdef int zebra(int a):': 'zebra',
  },
  javascript: {
    'function zebra() {': 'zebra',
    'export default class Zebra {': 'Zebra',
    'const zebra = async (a) => {': 'zebra',
    'Zebra.prototype.trot = function () {': 'trot',
    '  trot(a, b) {': 'trot',
    "  'trot': function () {": 'trot',
    '  *walk() {': 'walk',
    '  constructor(stripes = {}) {': 'constructor',
  },
  typescript: {
    'export interface Zebra<T> {': 'Zebra',
    'type Zebra = {': 'Zebra',
    '  private async trot(a: number): Promise<void> {': 'trot',
    'declare namespace Zoo {': 'Zoo',
    'export const zebra = (a: number): number => a;': 'zebra',
    'enum Zebra {': 'Zebra',
    'type Zebra<T> =': 'Zebra',
  },
  java: {
    'public final class Zebra extends Horse {': 'Zebra',
    '    private static <T> List<T> herd(Class<T> of) {': 'herd',
    '    public Zebra(int stripes) {': 'Zebra',
    'interface Zebra {': 'Zebra',
    '    @Override public String toString() {': 'toString',
    'record Zebra(int stripes) {': 'Zebra',
    'public @interface Zebra {': 'Zebra',
    '    public int stripes() { return _stripes; }': 'stripes',
    '    public Zebra(int a) { this(a, null); }': 'Zebra',
    '    public abstract int trot(int a);': 'trot',
    '    int trot(int a) throws FallException;': 'trot',
  },
  kotlin: { 'fun zebra(a: Int): Int {': 'zebra', 'data class Zebra(val a: Int)': 'Zebra' },
  csharp: {
    'public async Task<int> Trot(int a)': 'Trot',
    'internal sealed class Zebra : Horse': 'Zebra',
    'public int Stripes { get; set; }': 'Stripes',
    'public override string Path => _inner.Path;': 'Path',
    'public Zebra? Leader': 'Leader',
    'int IHorse.Trot(int a)': 'Trot',
  },
  go: {
    'func (z *Zebra) Trot(a int) error {': 'Trot',
    'func Zebra() {': 'Zebra',
    'type Zebra struct {': 'Zebra',
    'var gaits = []string{': 'gaits',
    'const stripes = 7': 'stripes',
  },
  rust: {
    'pub(crate) fn zebra<T>(a: T) -> T {': 'zebra',
    'impl<T> Trot for Zebra<T> {': 'Zebra',
    'pub struct Zebra {': 'Zebra',
    'impl<T: TryFrom<i64> + Clone> Ranged<T> {': 'Ranged',
    "impl<'a, B: Bounds<u8>> From<B> for zoo::Zebra<'a> {": 'Zebra',
    'pub unsafe extern "C" fn trot() {': 'trot',
  },
  ruby: {
    '  def trot(a)': 'trot',
    'class Zebra < Horse': 'Zebra',
    'module Zoo': 'Zoo',
    '  def self.herd': 'herd',
    '  def ==(other)': '==',
  },
  php: { '    public static function trot($a)': 'trot', 'abstract class Zebra': 'Zebra', 'function &zebra()': 'zebra' },
  cpp: {
    'int Zebra::trot(int a) {': 'Zebra::trot',
    'class Zebra : public Horse {': 'Zebra',
    '#define ZEBRA 1': 'ZEBRA',
    'static void trot(void)': 'trot',
    '  auto stripes() const -> int { return stripes_; }': 'stripes',
    '  bool operator==(const Zebra& other) const {': 'operator==',
    '  Zebra(int a) : stripes_(a) {}': 'Zebra',
    'trot(zebra_t *z, int a) {': 'trot',
    'typedef struct zebra {': 'zebra',
  },
  bash: { 'zebra() {': 'zebra', 'function zebra {': 'zebra' },
  prose: { '## Zebras': 'Zebras' },
};

const NONE: Partial<Record<Family, readonly string[]>> = {
  python: ['zebra = def_(1)', 'classes = []', 'return zebra', '# def zebra():', '@decorator', ''],
  javascript: [
    'if (zebra) {',
    'for (const a of b) {',
    'return zebra(a) {',
    '} else {',
    '// function zebra() {',
    'switch (a) {',
    'zebra();',
    '  functionId: zebra.id,',
    '  const functionScope =',
    '  trot(',
  ],
  typescript: ['  type Zebra,', '  type Zebra as Horse,', '  zebra(', '  await zebra({'],
  csharp: ['return new Zebra', 'await Trot(a);', 'zebra.Trot(a);'],
  cpp: [
    '  trot(zebra,',
    '    && isStriped(zebra)',
    '    : stripes_(a),',
    '  expect(zebra) &&',
    '  herd.each([](auto z) {',
    '  throw std::runtime_error(',
    'trot(zebra);',
  ],
  ruby: ['class << self', '  def #{name}'],
  java: [
    '    && isStriped(zebra)',
    '    ? stripes(zebra)',
    'return herd(a);',
    'throw new Zebra();',
    'if (a) {',
    '} catch (Zebra z) {',
    '// class Zebra {',
    'import zoo.Zebra;',
  ],
  go: ['zebra := trot()', '// func zebra() {'],
  rust: ['let zebra = trot();', '// fn zebra() {'],
  text: ['def zebra():'],
};

describe('what a line defines', () => {
  for (const [family, lines] of Object.entries(DEFINITIONS)) {
    for (const [line, name] of Object.entries(lines)) {
      it(`in ${family}: ${line.trim()}`, () => {
        expect(defined(family as Family, line)).toBe(name);
      });
    }
  }

  for (const [family, lines] of Object.entries(NONE)) {
    it(`is nothing in ${family} for what only looks like it`, () => {
      for (const line of lines) expect([line, defined(family as Family, line)]).toEqual([line, null]);
    });
  }

  describe('with parameters that go on below', () => {
    const METHODS: Readonly<Record<string, readonly [name: string, closing: string]>> = {
      '  async trot(': ['trot', '  ): Promise<void> {'],
      '  constructor(': ['constructor', '  ) {}'],
      '  constructor({': ['constructor', '  }: {'],
      '  private async gallop({': ['gallop', '  }: Options): Promise<void> {'],
      'export const trot = async (': ['trot', ') => {'],
      '  walk(': ['walk', '  ) {'],
    };

    it('is told from a call by the line that closes them', () => {
      for (const [line, [name, closing]] of Object.entries(METHODS))
        expect([line, defined('typescript', line, closing)]).toEqual([line, name]);
    });

    it('is nothing where that line ends a statement', () => {
      for (const closing of ['  );', '  ),', '  });', '  )', ''])
        for (const line of ['  trot(', '  trot({', '  const gait = (', '  return trot('])
          expect([line, closing, defined('typescript', line, closing)]).toEqual([line, closing, null]);
    });
  });

  it('is told in time that grows with the line, however it is made', () => {
    for (const family of Object.keys(DEFINITIONS) as Family[]) {
      for (const line of ['('.repeat(400), 'a '.repeat(200), 'public '.repeat(60), '<'.repeat(400), 'a<b,'.repeat(100)])
        expect([null, 'string']).toContain(defined(family, line) === null ? null : 'string');
    }
  });
});
