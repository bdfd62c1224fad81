import { describe, expect, it } from 'vitest';
import { footprint, MOST_TOKENS } from '../../bench/footprint.ts';
import { connect, ERAS } from '../mcp/connected.ts';

/** What hosts see and store: a change here is a change for every user. */
describe.each(ERAS)('what an MCP client sees in the protocol of %s', (era) => {
  it('keeps the tools: names, descriptions, schemas, annotations', async () => {
    const { client } = await connect(era);
    const { tools } = await client.listTools();
    await expect(`${JSON.stringify(tools.map(inOrder), null, 2)}\n`).toMatchFileSnapshot('mcp/tools.snap');
  });

  it('keeps the prompts', async () => {
    const { client } = await connect(era);
    const { prompts } = await client.listPrompts();
    await expect(`${JSON.stringify(prompts.map(inOrder), null, 2)}\n`).toMatchFileSnapshot('mcp/prompts.snap');
  });

  it('keeps the resources', async () => {
    const { client } = await connect(era);
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const all = [...resourceTemplates, ...resources].map(inOrder);
    await expect(`${JSON.stringify(all, null, 2)}\n`).toMatchFileSnapshot('mcp/resources.snap');
  });

  it('keeps the instructions, and keeps them within 2 KB', async () => {
    const { client } = await connect(era);
    const instructions = client.getInstructions() ?? '';
    expect(Buffer.byteLength(instructions)).toBeLessThanOrEqual(2_048);
    await expect(`${instructions}\n`).toMatchFileSnapshot('mcp/instructions.txt');
  });

  it('tells hosts that no list ever changes', async () => {
    const { client } = await connect(era);
    expect(client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: false },
      prompts: { listChanged: false },
      resources: { listChanged: false },
    });
  });

  it('says of every tool that it changes nothing of the user, and all four hints', async () => {
    const { client } = await connect(era);
    const { tools } = await client.listTools();
    for (const { annotations } of tools)
      expect(annotations).toMatchObject({
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: expect.any(Boolean),
        openWorldHint: expect.any(Boolean),
      });
  });
});

describe('what the tools cost a context', () => {
  it(`is at most ${MOST_TOKENS} tokens together`, async () => {
    const all = await footprint();
    expect(all).toHaveLength(7);
    expect(all.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(MOST_TOKENS);
  });
});

/** Keys in the alphabet's order: the two eras order them differently. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, inOrder((value as Record<string, unknown>)[key])]));
}
