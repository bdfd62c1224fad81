import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenIndex } from '../../../src/context/index/segment-reader.ts';
import { readTable, type Table, writeTable } from '../../../src/context/index/table.ts';
import { folder } from '../workspace-of.ts';

const KIND = 0x4b494e44;
const SAMPLE: Table = { facts: { at: 1.5 }, numbers: Float64Array.of(1, -1, 1.7e12 + 0.25), texts: ['a/b.py', 'ü'] };

async function written(table: Table = SAMPLE): Promise<string> {
  const path = join(folder(), 'table');
  await writeTable(path, KIND, table);
  return path;
}

describe('a table', () => {
  it('is read as it was written: numbers to the last bit, texts of any characters, no texts, and one that is empty', async () => {
    const path = join(folder(), 'table');
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double()), fc.array(text), fc.jsonValue(), async (numbers, texts, facts) => {
        const table = {
          facts: JSON.parse(JSON.stringify(facts)) as unknown,
          numbers: Float64Array.from(numbers),
          texts,
        };
        await writeTable(path, KIND, table);
        expect(readTable(path, KIND)).toEqual(table);
      }),
      { numRuns: 60 },
    );
  });

  it('is nothing where there is no file', () => {
    expect(readTable(join(folder(), 'table'), KIND)).toBeNull();
  });

  it('is broken when it is of another kind, cut short at any byte, or has any byte changed', async () => {
    const path = await written();
    expect(() => readTable(path, KIND + 1)).toThrow(BrokenIndex);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      writeFileSync(path, changed);
      expect(() => readTable(path, KIND), `byte ${at}`).toThrow(BrokenIndex);
      writeFileSync(path, whole);
      truncateSync(path, at);
      expect(() => readTable(path, KIND), `length ${at}`).toThrow(BrokenIndex);
    }
  });

  it('is broken where a folder is in its place', () => {
    expect(() => readTable(folder(), KIND)).toThrow(BrokenIndex);
  });
});
