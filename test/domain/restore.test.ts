import { describe, expect, it } from 'vitest';
import { redact } from '../../src/domain/redaction.ts';
import { holdsRedactions, restored } from '../../src/domain/restore.ts';

const ONE = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const TWO = `ghp_${'z9Y8x7W6v5U4'.repeat(3)}`;
const ORIGINAL = `const a = '${ONE}';\nconst b = 1;\nconst a = '${TWO}';\nend();\n`;
const SHOWN = redact(ORIGINAL).text;

describe('bringing secrets back', () => {
  it('gives the lines around a change as they were', () => {
    expect(holdsRedactions(SHOWN)).toBe(true);
    expect(restored(ORIGINAL, SHOWN)).toBe(ORIGINAL);
    expect(restored(ORIGINAL, SHOWN.replace('b = 1', 'b = 2'))).toBe(ORIGINAL.replace('b = 1', 'b = 2'));
    expect(restored(ORIGINAL, `first();\n${SHOWN}last();\n`)).toBe(`first();\n${ORIGINAL}last();\n`);
  });

  it('refuses a line with a secret that was changed, made up or doubled', () => {
    expect(restored(ORIGINAL, SHOWN.replace('const a', 'const c'))).toBeNull();
    expect(restored(ORIGINAL, `${SHOWN}use('[redacted:github-token]');\n`)).toBeNull();
    expect(restored(ORIGINAL, `${SHOWN}${SHOWN}`)).toBeNull();
  });

  it('refuses to guess which of two that look the same was taken away', () => {
    const lines = SHOWN.split('\n');
    expect(restored(ORIGINAL, lines.slice(1).join('\n'))).toBeNull();
    const same = ORIGINAL.replace(TWO, ONE);
    expect(restored(same, redact(same).text.split('\n').slice(1).join('\n'))).toBe(
      same.split('\n').slice(1).join('\n'),
    );
  });

  it('leaves a text without secrets alone', () => {
    expect(restored('a\nb\n', 'a\nc\n')).toBe('a\nc\n');
  });
});
