import { join } from 'node:path';
import type { Invocation } from './invocation.ts';
import type { Addition, Setting } from './runner.ts';

const REPORT = 'pytest.xml';

/** A command we know nothing of stays as it is; a pytest somewhere below it is asked for a report. */
export function anyCommand(invocation: Invocation, { reportDir, environment }: Setting): Addition {
  const own = environment.PYTEST_ADDOPTS;
  const file = join(reportDir, REPORT).replace(/'/g, `'"'"'`);
  const options = `--junitxml='${file}' -o junit_family=xunit1`;
  return {
    argv: invocation.argv,
    env: { PYTEST_ADDOPTS: own ? `${own} ${options}` : options },
    reportFiles: [REPORT],
    formats: [],
  };
}
