import { describe, expect, it } from 'vitest';
import { createEmbeddedAdvisor } from '../../src/repair/index.ts';

async function firstTexts(path: string, text: string, count: number): Promise<string[]> {
  const suspects = text.split('\n').map((_, index) => ({ path, line: index + 1, score: 0.2, why: '' }));
  const brief = { task: null, sources: [{ path, text }], failures: [], suspects, iteration: 1, attempts: [] };
  const texts: string[] = [];
  for await (const proposal of createEmbeddedAdvisor().propose(brief, new AbortController().signal)) {
    texts.push(proposal.text);
    if (texts.length === count) break;
  }
  return texts;
}

describe('a file that does not parse', () => {
  it('gets edits that make it parse before any other', async () => {
    const texts = await firstTexts('words.js', "exports.line = (n) => 'a ' + n + ' of '  n + ' b';\n", 4);
    expect(texts.join('')).toContain("+exports.line = (n) => 'a ' + n + ' of ' + n + ' b';");
  });

  it('gets them in Python too', async () => {
    const texts = await firstTexts('words.py', 'def line(n):\n    return str(n) + " of " str(n)\n', 6);
    expect(texts.join('')).toContain('+    return str(n) + " of " + str(n)');
  });
});
