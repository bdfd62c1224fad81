import type { CallToolResult, InputRequiredResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import { MaestroError } from '../domain/errors.ts';
import { readArguments } from './arguments.ts';
import { askThrough, canAsk, replyIn } from './ask-person.ts';
import type { Turn } from './conversations.ts';
import type { Face } from './face.ts';
import { outputSchemaOf } from './json-schema.ts';
import { type Notify, reportTo } from './progress.ts';
import { answer, failure } from './result.ts';
import type { Tool } from './tool.ts';
import { workspaceOf } from './workspace.ts';

/** One call from the wire to its answer. What goes wrong is an answer too: it never throws. */
export async function callTool(
  tool: Tool,
  sent: unknown,
  { face, server, ctx }: { readonly face: Face; readonly server: McpServer; readonly ctx: ServerContext },
): Promise<CallToolResult | InputRequiredResult> {
  const reporter = reportTo(notifierOf(ctx, face), `${tool.title}: at work`);
  try {
    const asks = canAsk(ctx, server);
    const turn = await (resumed(ctx, face) ?? begun(tool, sent, { face, ctx, asks, report: reporter.report }));
    if (turn.kind === 'asks') return askThrough(turn.question, turn.id);
    return answer(tool, outputSchemaOf(tool.output()), turn.value, face.kept);
  } catch (error) {
    return failure(ctx.mcpReq.signal.aborted ? cancelled(error) : error, face.log);
  } finally {
    reporter.stop();
  }
}

interface Surroundings {
  readonly face: Face;
  readonly ctx: ServerContext;
  readonly asks: boolean;
  readonly report: (message: string) => void;
}

function begun(tool: Tool, sent: unknown, { face, ctx, asks, report }: Surroundings): Promise<Turn<object>> {
  const started = performance.now();
  const { args, ignored } = readArguments(tool, sent);
  const workspace = workspaceOf(args.workspace as string | undefined, face.whereabouts);
  return face.conversations.begin(ctx.mcpReq.signal, async (signal, ask) => {
    const maestro = await face.maestro();
    const patienceMs = Math.max(0, face.patienceMs - (performance.now() - started));
    const context = { signal, progress: report, patienceMs, askPerson: asks ? ask : null };
    const value = await tool.call(maestro, { ...args, workspace }, context, face.kept);
    return ignored.length === 0 ? value : { ...value, ignored_arguments: ignored };
  });
}

/** The call that asked a person, come back with what was said; null for a call that is made for the first time. */
function resumed(ctx: ServerContext, face: Face): Promise<Turn<object>> | null {
  const id = ctx.mcpReq.requestState();
  if (typeof id !== 'string') return null;
  const turn = face.conversations.resume(id, replyIn(ctx), ctx.mcpReq.signal) as Promise<Turn<object>> | null;
  if (turn) return turn;
  throw new MaestroError('usage', 'that question is not open any more', 'make the call again');
}

function notifierOf(ctx: ServerContext, face: Face): Notify | null {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return null;
  return (progress, message) => {
    const params = { progressToken, progress, message };
    ctx.mcpReq.notify({ method: 'notifications/progress', params }).catch((error: unknown) => face.log(String(error)));
  };
}

/** A call that was cancelled fails in whatever way its work was cut off: none of that is a defect. */
function cancelled(error: unknown): MaestroError {
  if (error instanceof MaestroError) return error;
  return new MaestroError('cancelled', 'the call was cancelled', 'make the call again when it is wanted', {
    cause: error,
  });
}
