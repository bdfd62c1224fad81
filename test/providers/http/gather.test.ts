import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_USAGE } from '../../../src/domain/advice.ts';
import { Gathered } from '../../../src/providers/http/gather.ts';

describe('what is gathered of an answer', () => {
  it('is its text in order, and the newest of what else is said', () => {
    const gathered = new Gathered(100);
    gathered.add({ text: 'a', model: 'asked', usage: { input_tokens: 5, output_tokens: null } });
    gathered.add({ text: 'b', model: null, usage: { output_tokens: 7 } });
    gathered.add({ ended: 'complete', usage: { input_tokens: 6 } });
    expect(gathered.text).toBe('ab');
    expect(gathered.model).toBe('asked');
    expect(gathered.usage).toEqual({ ...UNKNOWN_USAGE, input_tokens: 6, output_tokens: 7 });
    expect(gathered.ended).toBe('complete');
  });

  it('is the whole text only where none came piece by piece', () => {
    const [piecewise, atOnce] = [new Gathered(100), new Gathered(100)];
    piecewise.add({ text: 'ab' });
    piecewise.add({ whole: 'ab' });
    atOnce.add({ whole: 'ab' });
    expect([piecewise.text, atOnce.text]).toEqual(['ab', 'ab']);
  });

  it('is enough when nothing more comes, when there is an error, and when there is no room', () => {
    expect(new Gathered(10).add({ text: 'a' })).toBe(true);
    expect(new Gathered(10).add({ last: true })).toBe(false);
    expect(new Gathered(10).add({ text: 'a'.repeat(11) })).toBe(false);
    const error = { status: null, code: '', message: '', retryAfterMs: null };
    expect(new Gathered(10).add({ error })).toBe(false);
  });

  it('keeps the first tool that is asked for, and all words of a refusal', () => {
    const gathered = new Gathered(10);
    gathered.add({ tool: 'shell', refused: 'I ' });
    gathered.add({ tool: 'edit', refused: 'cannot' });
    expect([gathered.tool, gathered.refused]).toEqual(['shell', 'I cannot']);
    gathered.add({ refused: 'x'.repeat(10_000) });
    expect(gathered.refused.length).toBe(300);
  });

  it('is never more than there is room for, and ends between characters', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 12 });
    fc.assert(
      fc.property(words, fc.nat(40), (texts, most) => {
        const gathered = new Gathered(most);
        for (const text of texts) if (!gathered.add({ text })) break;
        const all = texts.join('');
        expect(Buffer.byteLength(gathered.text)).toBeLessThanOrEqual(most);
        expect(all.startsWith(gathered.text)).toBe(true);
        expect(gathered.full).toBe(Buffer.byteLength(all) > most);
        if (gathered.full) expect(Buffer.byteLength(gathered.text)).toBeGreaterThan(most - 4);
        else expect(gathered.text).toBe(all);
      }),
    );
  });
});
