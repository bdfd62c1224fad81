import { INSTRUCTIONS } from '../src/mcp/instructions.ts';
import { inputSchemaOf, type JsonSchema, outputSchemaOf } from '../src/mcp/json-schema.ts';
import type { Prompt } from '../src/mcp/prompt.ts';
import { loadSurface } from '../src/mcp/surface.ts';
import type { Tool } from '../src/mcp/tool.ts';

/** What an MCP client sees of Maestro, as a page. */
export async function mcpPage(): Promise<string> {
  const { tools, prompts, resources } = await loadSurface();
  return [
    '# MCP',
    '`maestro mcp` serves on standard input and output, `maestro serve` on Streamable HTTP at `http://127.0.0.1:7337/mcp`; both speak the 2025 and the 2026-07-28 protocol.',
    'Every answer is the same JSON in `structuredContent` and as text, of at most 10,000 characters. A longer one is cut and has `more`: its `run_id` and how the rest is read, page by page, with `maestro_workflow_state`. An answer that would take longer than four minutes is `status: "running"` with a `run_id` to wait for.',
    '`untrusted` names the fields that other models wrote. `ignored_arguments` names arguments that the tool does not know.',
    `## Instructions\n\n\`\`\`text\n${INSTRUCTIONS}\n\`\`\``,
    '## Tools',
    ...tools.map(tool),
    `## Prompts\n\n| prompt | takes | what it does |\n|---|---|---|\n${prompts.map(promptRow).join('\n')}`,
    `## Resources\n\n| address | what it is |\n|---|---|\n${resources.map(({ address, description }) => `| \`${address}\` | ${description} |`).join('\n')}`,
  ].join('\n\n');
}

function tool({ name, description, input, output, annotations }: Tool): string {
  const hints = Object.entries(annotations).map(([hint, value]) => `${hint} ${value}`);
  const { properties = {}, required = [] } = inputSchemaOf(input());
  const rows = Object.entries(properties).map(
    ([field, schema]) =>
      `| \`${field}\`${required.includes(field) ? ' (required)' : ''} | ${typeOf(schema)} | ${schema.description ?? ''} |`,
  );
  const answers = Object.entries(outputSchemaOf(output()).properties ?? {}).map(([field]) => `\`${field}\``);
  return `### ${name}\n\n${description}\n\n${hints.join(', ')}.\n\n| argument | type | |\n|---|---|---|\n${rows.join('\n')}\n\nAnswers with ${answers.join(', ')}.`;
}

/** A type in a few words, safe in a table. */
function typeOf({ type, enum: choices, items }: JsonSchema): string {
  if (Array.isArray(choices)) return choices.map((choice) => `\`${choice}\``).join(' \\| ');
  if (type === 'array') return `list of ${typeOf(items ?? {})}`;
  return typeof type === 'string' ? type : 'any';
}

function promptRow({ name, description, args }: Prompt): string {
  const { properties = {}, required = [] } = inputSchemaOf(args());
  const takes = Object.keys(properties).map((field) => `\`${field}\`${required.includes(field) ? '' : '?'}`);
  return `| \`${name}\` | ${takes.join(', ')} | ${description} |`;
}
