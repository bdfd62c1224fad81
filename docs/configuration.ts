import { z } from 'zod';
import { DEFAULT_CONFIG, projectConfig, userConfig } from '../src/domain/config.ts';

/** One key of the configuration file, with the path to it (`advisors[].model`). */
export interface ConfigKey {
  readonly key: string;
  readonly type: string;
  readonly description: string;
  /** A project may set it, to tighten it. */
  readonly project: boolean;
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Every key in the order of the schema. */
export function configKeys(): readonly ConfigKey[] {
  const all = keysOf(schemaOf(userConfig));
  const project = new Set(keysOf(schemaOf(projectConfig)).map(({ key }) => key));
  return all.map((key) => ({ ...key, project: project.has(key.key) }));
}

const UNDER = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function schemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
}

function keysOf(schema: Schema, path = ''): Omit<ConfigKey, 'project'>[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const key = UNDER(path, name);
    const own = { key, type: typeOf(inner), description: inner.description ?? '' };
    return [own, ...keysOf(inner, key), ...(inner.items ? keysOf(inner.items, `${key}[]`) : [])];
  });
}

function typeOf({ type, enum: values, items }: Schema): string {
  if (values) return values.map((value) => `\`${value}\``).join(' or ');
  if (type === 'array') return items?.type === 'object' ? 'list' : `list of ${items?.type ?? 'values'}`;
  return type === 'integer' ? 'whole number' : (type ?? 'value');
}

/** The page about the configuration file. */
export function configurationPage(): string {
  const rows = configKeys().map(
    ({ key, type, project, description }) => `| \`${key}\` | ${type} | ${project ? 'yes' : 'no'} | ${description} |`,
  );
  const { consults, debugIterations, advice, packBudget } = DEFAULT_CONFIG;
  return [
    '# Configuration',
    '`maestro.config.jsonc` (JSON with comments) in your folder for settings: the file that `MAESTRO_CONFIG` names, else `maestro/` in `XDG_CONFIG_HOME`, `~/.config`, `~/Library/Application Support` or `%APPDATA%`. Nothing in it is run. Without it every provider can be asked under its own id.',
    'A file of the same name at the root of a project, or in a folder of it, may only tighten: it sets limits, `approval` and `pack_budget`, and where it differs from yours the stricter value holds. Any other key in it is refused.',
    `Defaults: ${consults.stage} consults a stage and ${consults.workflow} a workflow, ${debugIterations} debug iterations, ${advice.firstOutputMs / 1000} s for first output and for silence, ${advice.totalMs / 1000} s in all, ${advice.answerBytes} bytes an answer, ${packBudget} tokens of code. A duration is a text such as \`"90s"\`, \`"5m"\` or \`"500ms"\`, or a number of seconds.`,
    `| key | value | project | |\n|---|---|---|---|\n${rows.join('\n')}`,
    '```jsonc\n{\n  "advisors": [\n    { "provider": "codex" },\n    { "id": "local", "provider": "openai-compatible", "base_url": "http://127.0.0.1:11434/v1", "model": "the-model-you-pulled" }\n  ],\n  "order": ["codex", "local", "embedded"],\n  "limits": { "consults_per_workflow": 4 }\n}\n```',
  ].join('\n\n');
}
