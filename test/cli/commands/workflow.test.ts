import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advisor, home, model, repository } from '../../app/world.ts';
import { maestro } from '../terminal.ts';

describe('maestro workflow', () => {
  it('lets a person begin a task and end it, so that the budget begins anew', async () => {
    const asked = await model([{ text: 'one' }, { text: 'two' }]);
    const env = home({ advisors: [advisor(asked)], limits: { consults_per_workflow: 1 } });
    const root = repository();
    const begun = await maestro(['workflow', 'begin', '--task', 'mend add', '--json'], root, env);
    const { workflow_id: id } = JSON.parse(begun.stdout);
    expect([begun.status, id]).toEqual([0, expect.stringMatching(/^w-/)]);
    const ask = (question: string) => maestro(['consult', question, '--provider', 'local'], root, env);
    expect((await ask('first?')).status).toBe(0);
    const refused = await ask('second?');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('when this task is over: maestro workflow end');
    const ended = await maestro(['workflow', 'end'], join(root, 'src'), env);
    expect([ended.status, ended.stdout]).toEqual([0, `Ended (abandoned): ${id}\n`]);
    expect((await ask('second?')).stdout).toBe('two\n');
  });

  it('ends the one that is named from whatever folder, as status says it', async () => {
    const [root, elsewhere, env] = [repository(), repository(), home()];
    const begun = await maestro(['workflow', 'begin', '--json'], root, env);
    const { workflow_id: id } = JSON.parse(begun.stdout);
    const { status, stdout } = await maestro(['workflow', 'end', '--workflow', id], elsewhere, env);
    expect([status, stdout]).toEqual([0, `Ended (abandoned): ${id}\n`]);
    expect((await maestro(['workflow', 'begin'], root, env)).status).toBe(0);
  });

  it('says as JSON how it ended, and reads the task from standard input', async () => {
    const [root, env] = [repository(), home()];
    const begun = await maestro(['workflow', 'begin', '--task', '-'], root, env, 'mend the\npages\n');
    expect(begun.stdout).toMatch(/^Begun: w-/);
    expect((await maestro(['status'], root, env)).stdout).toContain('mend the');
    const { stdout } = await maestro(['workflow', 'end', '--outcome', 'solved', '--json'], root, env);
    expect(JSON.parse(stdout)).toEqual({ status: 'ended', workflow_id: expect.any(String), outcome: 'solved' });
    expect((await maestro(['status'], root, env)).stdout).toContain('No task is open here.');
  });

  it.each([
    ['an end where nothing is open', ['end'], 'no workflow is open here'],
    ['an end with a task', ['end', '--task', 'x'], '--task says what begins'],
    ['a beginning with an outcome', ['begin', '--outcome', 'solved'], '--outcome and --workflow say how to end'],
    ['a task that is blank', ['begin', '--task', '  '], 'task is empty'],
    ['a workflow that there is not', ['end', '--workflow', 'w-0'], 'there is no workflow w-0'],
    ['another word', ['pause'], 'Allowed choices are begin, end'],
    ['another outcome', ['end', '--outcome', 'won'], 'Allowed choices are solved, abandoned'],
    ['no word', [], "missing required argument 'what'"],
  ])('refuses %s in one line with what to do', async (_, args, says) => {
    const { status, stdout, stderr } = await maestro(['workflow', ...args], repository(), home());
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('names the one that is open where another is to begin', async () => {
    const [root, env] = [repository(), home()];
    mkdirSync(join(root, 'docs'));
    await maestro(['workflow', 'begin', '--task', 'mend add'], root, env);
    const { status, stderr } = await maestro(['workflow', 'begin'], join(root, 'docs'), env);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/workflow w-\S+ is open here: mend add/)]);
  });
});
