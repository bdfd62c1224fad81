import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../../src/app/calls.ts';
import { Conversations } from '../../src/mcp/conversations.ts';
import { connect, ERAS } from './connected.ts';
import { answerOf, scripted } from './scripted.ts';

type Action = 'accept' | 'decline' | 'cancel';

/** A stage that needs a yes, and how often it was begun. */
function approving() {
  const replies: unknown[] = [];
  const maestro = scripted({
    runStage: async (_, { askPerson }: CallContext) => {
      replies.push(askPerson === null ? 'nobody' : await askPerson('Take the analysis?'));
      return answerOf('runStage', { next: String(replies.at(-1)) });
    },
  });
  return { maestro, replies };
}

function answering(client: Client, action: Action, yes?: boolean): string[] {
  const questions: string[] = [];
  client.setRequestHandler('elicitation/create', (request) => {
    questions.push(request.params.message);
    return action === 'accept' ? { action, content: { yes: yes === true } } : { action };
  });
  return questions;
}

describe.each(ERAS)('asking a person in the protocol of %s', (era) => {
  it.each([
    ['accept', true, 'yes'],
    ['accept', false, 'no'],
    ['decline', undefined, 'no_answer'],
    ['cancel', undefined, 'no_answer'],
  ] as const)('%s (%s) is taken as %s, and the work is begun once', async (action, yes, reply) => {
    const { maestro, replies } = approving();
    const { client, call } = await connect(era, { maestro, capabilities: { elicitation: { form: {} } } });
    const questions = answering(client, action, yes);
    const { json } = await call('maestro_run_stage', { stage: 'analyze' });
    expect(json.next).toBe(reply);
    expect({ questions, replies }).toEqual({ questions: ['Take the analysis?'], replies: [reply] });
  });

  it.each([
    ['declares nothing', {}],
    ['only opens addresses', { elicitation: { url: {} } }],
  ])('is not tried where the host %s', async (_, capabilities) => {
    const { maestro, replies } = approving();
    const { call } = await connect(era, { maestro, capabilities });
    expect((await call('maestro_run_stage', { stage: 'analyze' })).isError).toBe(false);
    expect(replies).toEqual(['nobody']);
  });

  it('can be done more than once in one call', async () => {
    const maestro = scripted({
      runStage: async (_, { askPerson }: CallContext) => {
        const replies = [await askPerson!('first?'), await askPerson!('second?')];
        return answerOf('runStage', { next: replies.join() });
      },
    });
    const { client, call } = await connect(era, { maestro, capabilities: { elicitation: { form: {} } } });
    const questions = answering(client, 'accept', true);
    expect((await call('maestro_run_stage', { stage: 'analyze' })).json.next).toBe('yes,yes');
    expect(questions).toEqual(['first?', 'second?']);
  });
});

describe('a question', () => {
  const never = new AbortController().signal;

  it('that nobody comes back to is closed without an answer, and the work ends', async () => {
    const conversations = new Conversations(20);
    const done = Promise.withResolvers<string>();
    const turn = await conversations.begin(never, async (_, ask) => {
      const reply = await ask('go on?');
      done.resolve(reply);
      return reply;
    });
    expect(turn).toMatchObject({ kind: 'asks', question: 'go on?' });
    expect(await done.promise).toBe('no_answer');
    if (turn.kind === 'asks') expect(conversations.resume(turn.id, 'yes', never)).toBeNull();
  });

  it('can be answered once', async () => {
    const conversations = new Conversations();
    const turn = await conversations.begin(never, (_, ask) => ask('go on?'));
    if (turn.kind !== 'asks') throw new Error('it did not ask');
    expect(await conversations.resume(turn.id, 'yes', never)).toEqual({ kind: 'done', value: 'yes' });
    expect(conversations.resume(turn.id, 'no', never)).toBeNull();
  });

  it('does not keep work from being cancelled by the call that brought the answer', async () => {
    const conversations = new Conversations();
    const turn = await conversations.begin(never, async (signal, ask) => {
      await ask('go on?');
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut off'))));
    });
    if (turn.kind !== 'asks') throw new Error('it did not ask');
    const second = new AbortController();
    const rest = conversations.resume(turn.id, 'yes', second.signal)!;
    await sleep(5);
    second.abort();
    await expect(rest).rejects.toThrow('cut off');
  });

  it('under an id that was never given is not answered', () => {
    expect(new Conversations().resume('made up', 'yes', never)).toBeNull();
  });
});
