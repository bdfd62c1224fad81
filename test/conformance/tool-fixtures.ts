import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult, ElicitRequestFormParams, McpServer, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { PNG, WAV } from './media.ts';

type Form = ElicitRequestFormParams['requestedSchema'];
type Content = CallToolResult['content'];
const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });

/** Tools that answer with one thing each. */
const CONTENTS: Record<string, Content> = {
  test_simple_text: [{ type: 'text', text: 'This is a simple text response for testing.' }],
  test_image_content: [{ type: 'image', data: PNG, mimeType: 'image/png' }],
  test_audio_content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  test_embedded_resource: [
    {
      type: 'resource',
      resource: {
        uri: 'test://embedded-resource',
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      },
    },
  ],
  test_multiple_content_types: [
    { type: 'text', text: 'Multiple content types test:' },
    { type: 'image', data: PNG, mimeType: 'image/png' },
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: JSON.stringify({ test: 'data', value: 123 }),
      },
    },
  ],
};

/** Tools that do something while they are called. */
const ACTS: Record<string, (ctx: ServerContext) => Promise<CallToolResult>> = {
  test_error_handling: () => Promise.reject(new Error('This tool intentionally returns an error for testing')),
  async test_tool_with_progress(ctx) {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await ctx.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100 },
        });
      await sleep(50);
    }
    return text('done');
  },
  async test_tool_with_logging(ctx) {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await ctx.mcpReq.log('info', line);
      await sleep(50);
    }
    return text('done');
  },
  async test_logging_tool(ctx) {
    await ctx.mcpReq.log('info', 'only for those who asked');
    return text('done');
  },
};

/** The shapes of questions that the suite wants to see asked. */
const FORMS: Record<string, Record<string, unknown>> = {
  test_elicitation_sep1034_defaults: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
  test_elicitation_sep1330_enums: {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: { type: 'string', oneOf: titled('First Option', 'Second Option', 'Third Option') },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
    titledMulti: { type: 'array', items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') } },
  },
};

function titled(...titles: string[]): Array<{ const: string; title: string }> {
  return titles.map((title, index) => ({ const: `value${index + 1}`, title }));
}

/** Every tool that answers in one go, and those that ask the client in the 2025 way. */
export function addToolFixtures(server: McpServer): void {
  for (const [name, content] of Object.entries(CONTENTS))
    server.registerTool(name, { description: name }, async () => ({ content }));
  for (const [name, act] of Object.entries(ACTS)) server.registerTool(name, { description: name }, act);
  for (const [name, properties] of Object.entries(FORMS))
    server.registerTool(name, { description: name }, async (ctx) => {
      const requestedSchema = { type: 'object', properties } as Form;
      const { action, content } = await ctx.mcpReq.elicitInput({ message: 'Please fill this in', requestedSchema });
      return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
    });
  server.registerTool(
    'test_elicitation',
    { description: 'asks', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, ctx) => {
      const requestedSchema = {
        type: 'object',
        properties: {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        required: ['username', 'email'],
      } as Form;
      const { action, content } = await ctx.mcpReq.elicitInput({ message, requestedSchema });
      return text(`User response: action=${action}, content=${JSON.stringify(content)}`);
    },
  );
  server.registerTool(
    'test_sampling',
    { description: 'asks the model', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, ctx) => {
      const { content } = await ctx.mcpReq.requestSampling({
        messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
        maxTokens: 100,
      });
      const said = Array.isArray(content) ? content[0] : content;
      return text(`LLM response: ${said?.type === 'text' ? said.text : said?.type}`);
    },
  );
}
