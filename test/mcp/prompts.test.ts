import { describe, expect, it } from 'vitest';
import { connect, ERAS } from './connected.ts';

const TOOL = /maestro_\w+/g;

describe.each(ERAS)('prompts in the protocol of %s', (era) => {
  it('are five, each with what it takes', async () => {
    const { client } = await connect(era);
    const { prompts } = await client.listPrompts();
    expect(
      prompts.map(({ name, arguments: args = [] }) => [
        name,
        ...args.map((one) => `${one.name}${one.required ? '' : '?'}`),
      ]),
    ).toEqual([
      ['analyze', 'task'],
      ['consult', 'question', 'provider?'],
      ['debug', 'failure', 'test_command?'],
      ['review', 'what?', 'providers?'],
      ['workflow', 'task', 'test_command?'],
    ]);
  });

  it.each([
    ['analyze', { task: 'the total is wrong' }],
    ['consult', { question: 'is this a race?', provider: 'codex' }],
    ['debug', { failure: 'expected 3, got 4', test_command: 'npm test' }],
    ['review', { what: 'the last commit', providers: 'codex' }],
    ['workflow', { task: 'mend the parser', test_command: 'pytest -q' }],
  ])('%s speaks to the agent of what the user gave, and only of tools that there are', async (name, args) => {
    const { client } = await connect(era);
    const { messages } = await client.getPrompt({ name, arguments: args });
    expect(messages).toHaveLength(1);
    const { text } = messages[0]!.content as { text: string };
    for (const given of Object.values(args)) expect(text).toContain(given);
    const known = (await client.listTools()).tools.map((tool) => tool.name);
    const named = text.match(TOOL) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(known).toEqual(expect.arrayContaining(named));
  });

  it('without what they need are refused', async () => {
    const { client } = await connect(era);
    await expect(client.getPrompt({ name: 'debug', arguments: {} })).rejects.toMatchObject({ code: -32602 });
  });
});
