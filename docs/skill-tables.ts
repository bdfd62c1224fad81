import { CONSULT_LIMITS } from '../src/domain/budget.ts';
import { ERROR_CODES } from '../src/domain/errors.ts';
import { metricsOf } from '../src/domain/metrics.ts';
import { ALONE_THRESHOLD, decide, type Situation, type Wish } from '../src/domain/policy.ts';
import { inStageOrder, type StageDefinition } from '../src/domain/stage.ts';
import { NO_EVENTS } from '../src/domain/tally.ts';
import { loadSurface } from '../src/mcp/surface.ts';
import { loadDefinitions } from '../src/platform/load-definitions.ts';

/** The order in which the tools are explained: how often they are called in a workflow that goes well. */
const TOOLS = [
  'maestro_workflow_state',
  'maestro_run_stage',
  'maestro_pack_context',
  'maestro_consult',
  'maestro_ensemble_generate',
  'maestro_select_best',
  'maestro_get_metrics',
];
const ENSEMBLE: Readonly<Record<StageDefinition['ensemble'], string>> = {
  no: 'no',
  refused: 'no',
  encouraged: 'yes, encouraged',
  for_review: 'yes, for review',
};

/** A text with the tables between its markers as the code has them. Throws for a marker that no table is called. */
export async function withTables(text: string): Promise<string> {
  const tables = await skillTables();
  return text.replace(/<!-- begin: (\w+) -->\n[\s\S]*?<!-- end: \1 -->/g, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new TypeError(`no table is called '${name}'`);
    return `<!-- begin: ${name} -->\n${table}\n<!-- end: ${name} -->`;
  });
}

async function skillTables(): Promise<Readonly<Record<string, string>>> {
  const stages = inStageOrder(
    await loadDefinitions<StageDefinition>(new URL('../src/stages/', import.meta.url), 'stage'),
  );
  return {
    tools: await tools(),
    stages: table(['stage', 'goal', 'others may be asked', 'ensemble'], stages.map(stageRow)),
    budget: budget(stages),
    rules: rules(stages),
    metrics: metrics(),
    errors: table(
      ['code', 'exit status'],
      Object.entries(ERROR_CODES).map(([code, status]) => [`\`${code}\``, String(status)]),
    ),
  };
}

async function tools(): Promise<string> {
  const { tools: all } = await loadSurface();
  const order = (name: string): number => TOOLS.indexOf(name);
  const rows = all
    .toSorted((a, b) => order(a.name) - order(b.name))
    .map(({ name, description }) => [`\`${name}\``, description]);
  return table(['tool', 'what it does'], rows);
}

function stageRow({ id, goal, consults, ensemble }: StageDefinition): string[] {
  const from = consults.fromIteration > 1 ? `, from round ${consults.fromIteration}` : '';
  return [`\`${id}\``, goal, `${consults.most} at most${from}`, ENSEMBLE[ensemble]];
}

function budget(stages: readonly StageDefinition[]): string {
  const rounds = Math.max(...stages.map(({ iterations }) => iterations));
  return table(
    ['limit', 'unless configured otherwise'],
    [
      ['consults in one visit to a stage', String(CONSULT_LIMITS.stage)],
      ['consults in a workflow', String(CONSULT_LIMITS.workflow)],
      ['an ensemble of n, a judge', 'counts n, counts 1'],
      ['rounds of `debug` before a person takes over', String(rounds)],
      ['likelihood of succeeding alone from which an ensemble is skipped', `${100 * ALONE_THRESHOLD} %`],
    ],
  );
}

/** What the rules answer, by asking them in a situation that each applies to. */
function rules(stages: readonly StageDefinition[]): string {
  const stage = (id: string): StageDefinition => stages.find((one) => one.id === id)!;
  const plenty = { stage: 2, workflow: 6 };
  const ensemble: Wish = { kind: 'ensemble', n: 2, force: false };
  const calm: Situation = { stage: stage('hypothesize'), iteration: 1, left: plenty, alone: null };
  const cases: ReadonlyArray<readonly [Wish, Situation]> = [
    [ensemble, { ...calm, alone: { value: 0.6, basis: 'reported' } }],
    [ensemble, { ...calm, stage: stage('implement') }],
    [
      { ...ensemble, kind: 'consult', n: 1 },
      { ...calm, stage: stage('debug') },
    ],
    [ensemble, { ...calm, left: { stage: 1, workflow: 5 } }],
    [ensemble, { ...calm, left: { stage: 2, workflow: 0 } }],
  ];
  const rows = cases.map(([wish, situation]) => {
    const { decision, rule, reason, next } = decide(wish, situation);
    return [decision === 'skip' ? 'skipped' : 'refused', `\`${rule}\``, `for instance: ${reason}`, next ?? ''];
  });
  return table(['status', 'rule', 'reason', 'what to do'], rows);
}

function metrics(): string {
  const rows = Object.entries(metricsOf(NO_EVENTS)).map(([name, { definition, target }]) => [
    `\`${name}\``,
    definition,
    target ?? '–',
  ]);
  return table(['metric', 'definition', 'target'], rows);
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
