import type { ConfigFormat, ServerEntry } from './config-format.ts';
import type { ServerCommand } from './server-command.ts';

export const SCOPES = ['user', 'project'] as const;
/** Whose configuration: of the user, for all projects; or of the project in the current folder. */
export type Scope = (typeof SCOPES)[number];

/** Where a host looks for its files. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

/** What the server needs of the user's environment, by name. */
export interface Variables {
  /** Names that hold keys of advisors. */
  readonly keys: readonly string[];
  /** Other names: where things are. */
  readonly plain: readonly string[];
}

/** A program that can have Maestro as a server: where it keeps its settings, and how it writes a server down. */
export interface HostDefinition {
  readonly id: string;
  readonly title: string;
  /** What it is called on the PATH. */
  readonly programs: readonly string[];
  /** Files or folders that are there when it has been used. */
  traces(surroundings: Surroundings): readonly string[];
  file(scope: Scope, surroundings: Surroundings): string;
  readonly format: ConfigFormat;
  /** Where in the file the server goes. */
  readonly path: readonly string[];
  entry(server: ServerCommand, variables: Variables): ServerEntry;
  /** What is left for the user to do once it is written. */
  readonly afterwards: string;
}
