import type { LedgerEvent } from '../../src/domain/event.ts';
import { checkedEvent } from '../../src/domain/event.ts';
import { inStageOrder, type StageDefinition, type StageId } from '../../src/domain/stage.ts';
import { NO_EVENTS, type Tally, tally } from '../../src/domain/tally.ts';
import { type WorkflowView, workflowView } from '../../src/domain/workflow.ts';
import {
  approve,
  runStage,
  type StageAsk,
  type StageLedger,
  type StageRules,
  type StageStep,
} from '../../src/flows/run-stage.ts';
import { loadDefinitions } from '../../src/platform/load-definitions.ts';
import { OUTPUTS } from '../domain/story.ts';

const folder = new URL('../../src/stages/', import.meta.url);
const stages = new Map(
  inStageOrder(await loadDefinitions<StageDefinition>(folder, 'stage')).map((definition) => [
    definition.id,
    definition,
  ]),
);

/** A workflow in memory that a host walks through; every call a second later. */
export class Walk {
  readonly events: LedgerEvent[] = [];
  readonly #rules: Omit<StageRules, 'definition'>;

  constructor(rules: Partial<Omit<StageRules, 'definition'>> = {}) {
    this.#rules = { limits: { debug_iterations: 5 }, approval: 'none', ...rules };
    this.add('workflow_opened', { task: 'mend the pages' });
  }

  get view(): WorkflowView {
    return workflowView(this.events);
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  get tally(): Tally {
    return tally(this.events, NO_EVENTS);
  }

  add(type: string, payload: object): void {
    const id = this.events.length + 1;
    const event = checkedEvent({ type, payload: payload as never });
    this.events.push({
      ...event,
      id,
      at: id * 1000,
      runId: 'w1',
      workflowId: 'w1',
      workspace: '/project',
    } as LedgerEvent);
  }

  ask(stage: StageId, ask: Partial<StageAsk> = {}): Promise<StageStep> {
    const full = { output: undefined, hostTurns: null, tests: null, ...ask };
    return runStage(this.#ledger(), { ...this.#rules, definition: stages.get(stage)! }, full);
  }

  /** Opens a stage and hands in a good output, or this one. */
  async through(stage: StageId, output: object = OUTPUTS[stage], more: Partial<StageAsk> = {}): Promise<StageStep> {
    await this.ask(stage);
    return this.ask(stage, { output: structuredClone(output), ...more });
  }

  /** Up to a stage that can be opened, in which the tests say this. */
  async upTo(
    stage: 'hypothesize' | 'implement' | 'tested',
    tests: object = OUTPUTS.implement.test_result,
  ): Promise<this> {
    await this.through('analyze');
    if (stage === 'hypothesize') return this;
    await this.through('hypothesize');
    if (stage === 'tested') await this.through('implement', { ...OUTPUTS.implement, test_result: tests });
    return this;
  }

  approve(answer: 'yes' | 'no', reason: string | null = null): Promise<StageStep> {
    const definition = stages.get(this.view.pending?.stage ?? 'analyze')!;
    return approve(this.#ledger(), { ...this.#rules, definition }, { by: 'terminal', answer, reason });
  }

  #ledger(): StageLedger {
    return {
      view: this.view,
      now: (this.events.length + 1) * 1000,
      record: async (events) => {
        for (const { type, payload } of events) this.add(type, payload);
        return this.view;
      },
    };
  }
}
