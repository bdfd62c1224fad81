import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequests,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

type Mint = (step: number) => Promise<string>;
type Result = { content: Array<{ type: 'text'; text: string }> } | ReturnType<typeof inputRequired>;

const text = (value: string): Result => ({ content: [{ type: 'text', text: value }] });
const asking = (message: string, field: string) =>
  inputRequired.elicit({ message, requestedSchema: z.object({ [field]: z.string() }) });
const confirming = () =>
  inputRequired.elicit({ message: 'Please confirm', requestedSchema: z.object({ ok: z.boolean() }) });
const sampling = (question: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });

const accepted = (ctx: ServerContext, key: string, field: string): string | undefined =>
  acceptedContent(ctx.mcpReq.inputResponses, key, z.object({ [field]: z.string() }))?.[field];
const answered = (ctx: ServerContext, key: string): boolean =>
  inputResponse(ctx.mcpReq.inputResponses, key).kind !== 'missing';

/** Tools that stop to ask, in the 2026 way: each gets the context and the next state, and asks until it has what it needs. */
const TOOLS: Record<string, (ctx: ServerContext, mint: Mint) => Promise<Result>> = {
  async test_input_required_result_elicitation(ctx) {
    const name = accepted(ctx, 'user_name', 'name');
    if (name !== undefined) return text(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: asking('What is your name?', 'name') } });
  },
  async test_input_required_result_sampling(ctx) {
    if (answered(ctx, 'capital_question')) return text('The model has answered.');
    return inputRequired({ inputRequests: { capital_question: sampling('What is the capital of France?', 100) } });
  },
  async test_input_required_result_list_roots(ctx) {
    if (answered(ctx, 'client_roots')) return text('The roots are known.');
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  },
  async test_input_required_result_request_state(ctx, mint) {
    if (answered(ctx, 'confirm') && ctx.mcpReq.requestState() !== undefined) return text('state-ok');
    return inputRequired({ inputRequests: { confirm: confirming() }, requestState: await mint(1) });
  },
  async test_input_required_result_tampered_state(ctx, mint) {
    if (answered(ctx, 'confirm') && ctx.mcpReq.requestState() !== undefined) return text('state-ok');
    return inputRequired({ inputRequests: { confirm: confirming() }, requestState: await mint(1) });
  },
  async test_input_required_result_multiple_inputs(ctx, mint) {
    const keys = ['user_name', 'greeting', 'client_roots'];
    if (keys.every((key) => answered(ctx, key))) return text('All three were answered.');
    const inputRequests = {
      user_name: asking('What is your name?', 'name'),
      greeting: sampling('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    };
    return inputRequired({ inputRequests, requestState: await mint(1) });
  },
  async test_input_required_result_multi_round(ctx, mint) {
    if (answered(ctx, 'step2')) return text('Both steps are done.');
    if (answered(ctx, 'step1'))
      return inputRequired({
        inputRequests: { step2: asking('Step 2: What is your favorite color?', 'color') },
        requestState: await mint(2),
      });
    return inputRequired({
      inputRequests: { step1: asking('Step 1: What is your name?', 'name') },
      requestState: await mint(1),
    });
  },
  async test_input_required_result_capabilities(ctx) {
    const envelope = ctx.mcpReq.envelope as Record<string, unknown> | undefined;
    const declared = (envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Record<string, unknown>;
    const inputRequests: InputRequests = {
      ...(declared.sampling !== undefined && { ask: sampling('Say something', 50) }),
      ...(declared.elicitation !== undefined && { confirm: confirming() }),
    };
    if (Object.keys(inputRequests).length === 0) return text('There is nobody to ask.');
    return inputRequired({ inputRequests });
  },
  async test_missing_capability(ctx) {
    if (answered(ctx, 'ask')) return text('The model has answered.');
    return inputRequired({ inputRequests: { ask: sampling('Say something', 50) } });
  },
  async test_streaming_elicitation(ctx) {
    if (answered(ctx, 'confirm')) return text('Confirmed.');
    return inputRequired({ inputRequests: { confirm: confirming() } });
  },
};

/** The tools and the prompt that ask the client in the middle of a call. */
export function addInputFixtures(server: McpServer, mint: Mint): void {
  for (const [name, tool] of Object.entries(TOOLS))
    server.registerTool(name, { description: name }, (ctx) => tool(ctx, mint));
  server.registerPrompt('test_input_required_result_prompt', { description: 'asks for its context' }, async (ctx) => {
    const context = accepted(ctx, 'user_context', 'context');
    if (context === undefined)
      return inputRequired({
        inputRequests: { user_context: asking('What context should the prompt use?', 'context') },
      });
    return { messages: [{ role: 'user', content: { type: 'text', text: context } }] };
  });
}
