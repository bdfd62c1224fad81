import { consultLimits } from '../domain/budget.ts';
import type { Config } from '../domain/config.ts';
import { MaestroError } from '../domain/errors.ts';
import type { Run } from '../domain/ports.ts';
import type { Panel } from '../flows/panel.ts';
import { createBudget } from '../store/budget.ts';
import type { Store } from '../store/open.ts';
import { type Asking, askAdvisor, askPorts } from './ask.ts';
import { loadConfig } from './config.ts';
import { malformedFor } from './malformed.ts';
import { packContext } from './pack.ts';
import { advisorOf, type KnownAdvisor, knownAdvisors, loadProviders } from './providers.ts';
import { systemFor } from './question.ts';
import { workspaceOf } from './workspace.ts';

/** Whom a fix run asks, ready to be opened for the run. */
export interface Asked {
  readonly models: readonly string[];
  /** Whether templates were named beside them. */
  readonly templates: boolean;
  readonly consults: Config['consults'];
  readonly open: (run: Run, over: Over) => Panel;
}

interface Over {
  readonly store: Store;
  /** Real path of the user's tree. */
  readonly workspace: string;
  readonly note: (text: string) => void;
}

interface Parts extends Over {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly advisors: readonly KnownAdvisor[];
}

/** The advisors of these names, in their order. Throws `usage` for a name that nobody has, `bad_config` and `workspace_missing`. */
export async function askedOf(names: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Asked> {
  const { folder } = await workspaceOf(cwd, cwd);
  const config = await loadConfig(folder, env);
  const advisors = knownAdvisors(config, await loadProviders());
  const isModel = (name: string): boolean => advisorOf(advisors, name).provider.form !== 'embedded';
  const models = [...new Set(names)].filter(isModel);
  const templates = names.some((name) => !isModel(name));
  const { consults } = config;
  return { models, templates, consults, open: (run, over) => panelOf(run, models, { ...over, config, env, advisors }) };
}

/** The panel of a fix run: asked through the one function that everything asks through, paid from the run's own budget. */
function panelOf(run: Run, models: readonly string[], parts: Parts): Panel {
  const { store, config, env, workspace, advisors, note } = parts;
  const limitsIn = (stage: string) => consultLimits(run.id, stage, config.consults);
  const askingIn = (stage: string): Asking => ({
    ...{ store, config, env, workspace, advisors, limits: limitsIn(stage), brief: null },
    progress: () => {},
  });
  return {
    models,
    advise: (within, inquiry) => askAdvisor(within, askingIn(inquiry.stage ?? 'none'), inquiry),
    situation: async (stage) => {
      const [ofStage = 0, ofWorkflow = 0] = await createBudget(store).left(limitsIn(stage));
      return { stage: null, iteration: 1, left: { stage: ofStage, workflow: ofWorkflow }, alone: null };
    },
    reserve: (amount) => askPorts(run, askingIn('none')).reserve(amount),
    role: async (id) => {
      const form = await systemFor(id);
      return { ...form, malformed: malformedFor(form.kind) };
    },
    pack: async ({ task, errors, suspects, stage }) => {
      const request = { workspace, errors, suspects, stage, budget: config.packBudget };
      const surroundings = { signal: run.signal, env, warn: note };
      try {
        return (await packContext(task === null ? request : { ...request, task }, surroundings)).text;
      } catch (error) {
        if (!(error instanceof MaestroError) || run.signal.aborted) throw error;
        return `(no code could be packed: ${error.message})`;
      }
    },
  };
}
