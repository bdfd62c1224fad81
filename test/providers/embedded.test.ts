import { describe, expect, it } from 'vitest';
import type { Proposal, RepairBrief } from '../../src/domain/ports.ts';
import { provider } from '../../src/providers/embedded.ts';
import { createEmbeddedAdvisor } from '../../src/repair/index.ts';

const BRIEF: RepairBrief = {
  task: null,
  sources: [{ path: 'add.js', text: 'const add = (a, b) => a - b;\nmodule.exports = { add };\n' }],
  failures: [],
  suspects: [],
  iteration: 1,
  attempts: [],
};

describe('the embedded provider', () => {
  it('says honestly what it is: templates, no model, no network, nothing required', () => {
    expect(provider.description).toContain('not a language model');
    expect(provider.network).toBe(false);
    expect(provider.requires).toEqual([]);
  });

  it('answers with what the repair function it was given proposes', async () => {
    const only: Proposal = { text: 'a patch', operator: 'mine' };
    const advisor = provider.advisor(async function* () {
      yield only;
    });
    const given: Proposal[] = [];
    for await (const each of advisor.propose(BRIEF, new AbortController().signal)) given.push(each);
    expect(given).toEqual([only]);
    expect(advisor.id).toBe('embedded');
  });

  it('proposes unified diffs of the given file when it is given the real one', async () => {
    const advisor = provider.advisor(createEmbeddedAdvisor().propose);
    const texts: string[] = [];
    for await (const { text } of advisor.propose(BRIEF, new AbortController().signal)) texts.push(text);
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.every((text) => text.startsWith('--- a/add.js\n+++ b/add.js\n@@ '))).toBe(true);
    expect(texts.some((text) => text.includes('\n+const add = (a, b) => a + b;\n'))).toBe(true);
  });
});
