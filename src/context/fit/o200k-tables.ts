import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { blankTables, Ranks } from './ranks.ts';

const NEW_LINE = 10;
const SPACE = 32;

/**
 * The tables of o200k's ranks, made from lines of `base64 rank` in its vocabulary. They take 120 ms, so they are made when
 * Maestro is built; the build puts what reads them from its file in place of this module.
 */
export function o200kTables(): Int32Array {
  const file = readFileSync(createRequire(import.meta.url).resolve('gpt-tokenizer/data/o200k_base.tiktoken'));
  const tables = blankTables();
  const ranks = new Ranks(tables);
  const bytes = new Uint8Array(256);
  for (let at = 0; at < file.length; ) {
    let length = 0;
    let bits = 0;
    let held = 0;
    for (; file[at] !== SPACE; at++) {
      const value = BASE64[file[at]!]!;
      if (value === 255) continue;
      bits = (bits << 6) | value;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      bytes[length++] = (bits >> held) & 255;
    }
    let rank = 0;
    for (at++; at < file.length && file[at] !== NEW_LINE; at++) if (file[at]! >= 48) rank = rank * 10 + file[at]! - 48;
    at++;
    ranks.add(bytes, length, rank);
  }
  return tables;
}

const BASE64 = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});
