import type { InputRequiredResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Reply } from './conversations.ts';

/** Under which name the question travels. */
const QUESTION = 'approval';
const form = z.object({ yes: z.boolean().describe('Yes, go on') });

/** Whether the host said that it can put a form in front of a person. */
export function canAsk(ctx: ServerContext, server: McpServer): boolean {
  const envelope = ctx.mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  const elicitation = (declared as { elicitation?: object } | undefined)?.elicitation;
  return elicitation !== undefined && (Object.keys(elicitation).length === 0 || 'form' in elicitation);
}

/** Answers a call with a question; the host makes the call again with the reply and the id. */
export function askThrough(question: string, id: string): InputRequiredResult {
  const request = inputRequired.elicit({ message: question, requestedSchema: form });
  return inputRequired({ inputRequests: { [QUESTION]: request }, requestState: id });
}

/** What the person said. A host that declines or cancels may have nobody in front of it: that is no answer. */
export function replyIn(ctx: ServerContext): Reply {
  const response = inputResponse(ctx.mcpReq.inputResponses, QUESTION);
  if (response.kind !== 'elicit' || response.action !== 'accept') return 'no_answer';
  const content = acceptedContent(ctx.mcpReq.inputResponses, QUESTION, form);
  return content === undefined ? 'no_answer' : content.yes ? 'yes' : 'no';
}
