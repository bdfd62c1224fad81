import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignCharacters, OutputCapture } from '../../src/platform/output-capture.ts';

function capture(capBytes: number, chunks: readonly Buffer[]) {
  const output = new OutputCapture(capBytes);
  for (const chunk of chunks) output.write(chunk);
  return output.read();
}

function split(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

describe('capturing output', () => {
  it('keeps everything up to the cap, however it is cut into chunks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(fc.nat(9)), (text, sizes) => {
        const bytes = Buffer.from(text);
        expect(capture(bytes.length, split(bytes, sizes))).toEqual({ text: bytes.toString(), truncated: false });
      }),
    );
  });

  it('keeps the first and the last half beyond it, and says how much is missing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.nat(50)),
        (cap, more, sizes) => {
          const text = Array.from({ length: cap + more }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
          const [head, tail] = [text.slice(0, Math.ceil(cap / 2)), text.slice(text.length - Math.floor(cap / 2))];
          expect(capture(cap, split(Buffer.from(text), sizes))).toEqual({
            text: `${head}\n[… ${more} bytes left out …]\n${tail}`,
            truncated: true,
          });
        },
      ),
    );
  });

  it('does not leave halves of characters at the cut', () => {
    const { text } = capture(10, [Buffer.from('€'.repeat(20))]);
    expect(text).toBe('€\n[… 50 bytes left out …]\n€');
  });

  it('with a cap of nothing keeps nothing', () => {
    expect(capture(0, [Buffer.from('abc')])).toEqual({ text: '\n[… 3 bytes left out …]\n', truncated: true });
    expect(capture(0, [])).toEqual({ text: '', truncated: false });
  });
});

describe('aligning chunks to characters', () => {
  it('loses and changes no byte, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(5)), (bytes, sizes) => {
        const align = alignCharacters();
        const parts = [...split(Buffer.from(bytes), sizes), null].map(align);
        expect(Buffer.concat(parts)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('never ends a chunk inside a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.array(fc.nat(5)), (text, sizes) => {
        const align = alignCharacters();
        const parts = [...split(Buffer.from(text), sizes), null].map((chunk) => align(chunk).toString());
        expect(parts.join('')).toBe(Buffer.from(text).toString());
      }),
    );
  });
});
