import { describe, expect, it } from 'vitest';
import { MaestroError } from '../../src/domain/errors.ts';
import { readArguments } from '../../src/mcp/arguments.ts';
import { loadSurface } from '../../src/mcp/surface.ts';
import { connect, ERAS } from './connected.ts';
import { scripted } from './scripted.ts';

const { tools } = await loadSurface();
const tool = (name: string) => tools.find((one) => one.name === `maestro_${name}`)!;
const read = (name: string, sent: unknown) => readArguments(tool(name), sent);

function refusal(name: string, sent: unknown): MaestroError {
  try {
    read(name, sent);
  } catch (error) {
    if (error instanceof MaestroError) return error;
  }
  throw new Error('it was taken');
}

describe('arguments', () => {
  it('are taken as they are meant: other names, nulls, one text for a list, numbers and JSON in a text', () => {
    expect(read('consult', { question: 'why?', files: 'a.ts', model: null }).args).toEqual({
      prompt: 'why?',
      files: ['a.ts'],
    });
    expect(
      read('ensemble_generate', { prompt: 't', kind: 'Patch', n: '2', force: 'true', confidence: '0.3' }).args,
    ).toEqual({
      task: 't',
      kind: 'patch',
      n: 2,
      force: true,
      confidence: 0.3,
    });
    expect(read('run_stage', { stage: 'debug', output: '{"iteration":1}' }).args).toMatchObject({
      output: { iteration: 1 },
    });
    expect(read('select_best', { candidates: '[{"id":"a","text":"t"}]' }).args.candidates).toEqual([
      { id: 'a', text: 't' },
    ]);
    expect(read('workflow_state', { run_id: 'r' }).args).toEqual({ wait_for: 'r' });
  });

  it('that look like something else stay what they are where a text is asked for', () => {
    expect(read('consult', { prompt: '{"a":1}' }).args.prompt).toBe('{"a":1}');
    expect(read('select_best', { run_id: '12', test_command: 'true' }).args).toEqual({
      run_id: '12',
      test_command: 'true',
    });
    expect(read('consult', { prompt: 'p', errors: '[not json' }).args.errors).toEqual(['[not json']);
  });

  it('by their own name count, whatever else is sent under another', () => {
    expect(read('consult', { question: 'other', prompt: 'own' }).args.prompt).toBe('own');
    expect(read('consult', { prompt: 'own', question: 'other' }).args.prompt).toBe('own');
  });

  it('that no tool knows are reported, not refused', () => {
    expect(read('consult', { prompt: 'p', max_tokens: 5, wait_for_previous: true }).ignored).toEqual([
      'max_tokens',
      'wait_for_previous',
    ]);
  });

  it('that are wrong are all named, with what the tool takes', () => {
    const { message, remedy } = refusal('ensemble_generate', { n: 99, kind: 'prose' });
    expect(message).toMatch(/task: .*; kind: .*hypotheses.*; n: .*8/s);
    expect(remedy).toContain('maestro_ensemble_generate takes task, kind, providers');
    expect(remedy).toContain('required: task, kind');
  });

  it.each([
    ['consult', {}],
    ['consult', { prompt: '   ' }],
    ['consult', 'why?'],
    ['consult', ['why?']],
    ['consult', { prompt: 'p', role: 'boss' }],
    ['ensemble_generate', { task: 't', kind: 'patch', confidence: 1.5 }],
    ['ensemble_generate', { task: 't', kind: 'patch', providers: [] }],
    ['pack_context', { token_budget: -1 }],
    ['run_stage', { stage: 'think' }],
    ['run_stage', { stage: 'debug', test_result: { status: 'maybe', summary: 's' } }],
    ['workflow_state', { wait_ms: 300_000 }],
    ['workflow_state', { wait_for: 'r', page: 0 }],
    ['get_metrics', { since: 'yesterday' }],
  ])('of %s like %j are refused', (name, sent) => {
    expect(refusal(name, sent).code).toBe('usage');
  });

  it.each(['2026-01-31T12:00:00Z', '2026-01-31', '2026-01-31T12:00:00+01:00'])('a time may be %s', (since) => {
    expect(read('get_metrics', { since }).args).toEqual({ since });
  });

  it('without any are an empty object', () => {
    expect(read('workflow_state', undefined).args).toEqual({});
  });
});

describe.each(ERAS)('in the protocol of %s', (era) => {
  it('wrong arguments come back as an error that says what to do, and nothing is called', async () => {
    const maestro = scripted();
    const { call } = await connect(era, { maestro });
    const { isError, text } = await call('maestro_run_stage', { stage: 'guess' });
    expect(isError).toBe(true);
    expect(text).toMatch(
      /^usage: stage: .*\nWhat to do: correct this and call again\. maestro_run_stage takes stage, task/,
    );
    expect(maestro.calls).toEqual([]);
  });

  it('what was not understood is said in the answer', async () => {
    const { call } = await connect(era);
    expect((await call('maestro_consult', { prompt: 'p', temperature: 1 })).json.ignored_arguments).toEqual([
      'temperature',
    ]);
  });
});
