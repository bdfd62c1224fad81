import { delimiter, dirname } from 'node:path';
import { shellPath } from '../../platform/environment.ts';

/** What any program needs to find its parts, speak the user's language and get through the user's proxy. */
const ALLOWED =
  /^(PATH|LANG|LC_\w+|TZ|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|https?_proxy|all_proxy|no_proxy|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT)$/i;

/** The environment of every advisor program, without any credentials of its own. `node` is always on its PATH. */
export function programEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed = Object.entries(env).filter(
    (entry): entry is [string, string] => ALLOWED.test(entry[0]) && entry[1] !== undefined,
  );
  const path = [shellPath(env.PATH ?? '', env), dirname(process.execPath)].filter(Boolean).join(delimiter);
  return { ...Object.fromEntries(allowed), PATH: path, NO_COLOR: '1' };
}
