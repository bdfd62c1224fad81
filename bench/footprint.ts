import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { inputSchemaOf } from '../src/mcp/json-schema.ts';
import { loadSurface } from '../src/mcp/surface.ts';

/** What the tool definitions cost a host's context, in o200k tokens of name, description and input schema as they are listed. */
export const MOST_TOKENS = 1_300;

export interface Footprint {
  readonly name: string;
  readonly tokens: number;
}

/** One figure a tool. */
export async function footprint(): Promise<readonly Footprint[]> {
  const { tools } = await loadSurface();
  return tools.map(({ name, description, input }) => {
    const listed = { name, description, inputSchema: inputSchemaOf(input()) };
    return { name, tokens: countTokens(JSON.stringify(listed)) };
  });
}

if (import.meta.main) {
  const all = await footprint();
  const total = all.reduce((sum, { tokens }) => sum + tokens, 0);
  for (const { name, tokens } of all) console.log(`${name.padEnd(28)} ${tokens}`);
  console.log(`${'together'.padEnd(28)} ${total} of at most ${MOST_TOKENS} tokens`);
  process.exitCode = total > MOST_TOKENS ? 1 : 0;
}
