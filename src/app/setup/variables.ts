import type { Config } from '../../domain/config.ts';
import type { Variables } from './host.ts';

/** Keys that the providers look for by themselves. */
const KEYS = [
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'CODEX_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
];

/** Where Maestro, and the programs it asks, keep their things; and how the network is reached. */
const PLACES = [
  'MAESTRO_HOME',
  'MAESTRO_CONFIG',
  'XDG_STATE_HOME',
  'XDG_CONFIG_HOME',
  'CODEX_HOME',
  'CLAUDE_CONFIG_DIR',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
];

/** The names of all variables that the server may need under this configuration, each once. */
export function variablesFor({ advisors }: Pick<Config, 'advisors'>): Variables {
  const configured = advisors.flatMap(({ api_key_env }) => api_key_env ?? []);
  return { keys: [...new Set([...KEYS, ...configured])], plain: PLACES };
}
