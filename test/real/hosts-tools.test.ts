import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { argvOf, configureAdvisor, type Home, MAESTRO, makeHome, missing, modelServer } from './home.ts';
import { claude, codex, converse, gemini, type HostProgram, objectIn, type Turn } from './host-models.ts';

vi.setConfig({ testTimeout: 180_000 });

const TOOLS = [
  'maestro_consult',
  'maestro_ensemble_generate',
  'maestro_get_metrics',
  'maestro_pack_context',
  'maestro_run_stage',
  'maestro_select_best',
  'maestro_workflow_state',
];
const ADVICE = { text: 'Look at src/interval.js: `overlaps` counts meetings that touch as overlapping.' };

/** The tools that every client is to complete, with the arguments a model would give. */
function calls(project: string): ReadonlyArray<readonly [tool: string, args: Record<string, unknown>]> {
  const source = readFileSync(join(project, 'src', 'interval.js'), 'utf8');
  const mended = source.replace('a.start <= b.end', 'a.start < b.end');
  const worse = source.replace('b.start < a.end', 'b.start > a.end');
  const file = (content: string) => ({ 'src/interval.js': content });
  const place = { workspace: project };
  return [
    ['maestro_consult', { ...place, prompt: 'Why do the tests fail?', provider: 'local' }],
    ['maestro_consult', { ...place, prompt: 'Where is the fault?', provider: 'embedded' }],
    [
      'maestro_ensemble_generate',
      { ...place, kind: 'answer', task: 'What is wrong?', providers: ['local', 'embedded'], n: 2, confidence: 0.2 },
    ],
    [
      'maestro_select_best',
      {
        ...place,
        candidates: [
          { id: 'worse', files: file(worse) },
          { id: 'mended', files: file(mended) },
        ],
        test_command: 'node --test',
      },
    ],
  ];
}

/** What each of `calls` has to come to. */
function expectCompleted(answers: ReadonlyArray<Record<string, unknown>>): void {
  const [asked, templates, ensemble, selection] = answers;
  expect(asked).toMatchObject({ status: 'answered', provider: 'local', text: ADVICE.text });
  expect(templates).toMatchObject({ status: 'answered', provider: 'embedded' });
  expect(ensemble).toMatchObject({ status: 'generated' });
  expect((ensemble!.candidates as unknown[]).length).toBe(2);
  expect(selection).toMatchObject({ status: 'selected', winner: 'mended' });
}

describe.each<HostProgram>([claude, codex, gemini])('$name, the real program with a scripted model', (host) => {
  it.skipIf(missing(host.name))(
    'offers its model the seven tools and completes consults, an ensemble and a selection',
    async () => {
      const home = makeHome();
      mkdirSync(join(home.path, '.gemini'));
      host.prepare?.(home);
      expect((await home.maestro('setup', host.name)).exitCode).toBe(0);
      const turns = calls(home.project).map(
        ([tool, args]): Turn =>
          () =>
            host.maestro(tool, args),
      );
      const { result, offered, answers } = await converse(host, home, turns, ADVICE, (url) =>
        configureAdvisor(home, url),
      );
      expect(result).toMatchObject({ exitCode: 0 });
      expect(offered).toEqual(TOOLS);
      expectCompleted(answers.map(objectIn));
    },
  );
});

describe('the Inspector', () => {
  let home: Home;
  beforeEach(() => {
    home = makeHome();
  });

  const inspect = async (...args: string[]): Promise<Record<string, unknown>> => {
    const server = [process.execPath, MAESTRO, 'mcp'];
    // It hands a server only what is named.
    const named = ['MAESTRO_HOME', 'MAESTRO_CONFIG'].flatMap((name) => ['-e', `${name}=${home.env[name]}`]);
    const argv = [...argvOf('inspector'), '--cli', ...named, ...server, ...args, '--format', 'json'];
    const { stdout, stderr, exitCode } = await home.run(argv, { MCP_INSPECTOR_SECRET_STORE: 'memory' });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it.skipIf(missing('inspector'))('lists the seven tools', async () => {
    const listed = await inspect('--method', 'tools/list');
    const { tools } = (listed.result ?? listed) as { tools: ReadonlyArray<{ name: string }> };
    expect(tools.map(({ name }) => name).sort()).toEqual(TOOLS);
  });

  it.skipIf(missing('inspector'))('completes consults, an ensemble and a selection', async () => {
    configureAdvisor(home, await modelServer(() => ADVICE));
    const answers: Array<Record<string, unknown>> = [];
    for (const [tool, args] of calls(home.project)) {
      const called = await inspect(
        '--method',
        'tools/call',
        '--tool-name',
        tool,
        '--tool-args-json',
        JSON.stringify(args),
      );
      const { structuredContent } = (called.result ?? called) as { structuredContent: Record<string, unknown> };
      answers.push(structuredContent);
    }
    expectCompleted(answers);
  });
});
