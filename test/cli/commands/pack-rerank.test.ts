import { describe, expect, it } from 'vitest';
import { advisor, home, model, repository } from '../../app/world.ts';
import { maestro } from '../terminal.ts';

const project = () =>
  repository({
    'src/total.js': 'export const total = (basket) => basket.length;\n',
    'src/other.js': 'export const other = () => 1;\n',
  });
const ARGS = ['pack', '--task', 'total of a basket', '--rerank', 'local'];

describe('maestro pack --rerank', () => {
  it('packs in the order of the advisor, and says so beside the text', async () => {
    const server = await model([{ text: 'src/other.js\nsrc/total.js' }]);
    const { status, stdout, stderr } = await maestro(ARGS, project(), home({ advisors: [advisor(server)] }));
    expect(status).toBe(0);
    expect(stdout.indexOf('## src/other.js')).toBeLessThan(stdout.indexOf('## src/total.js'));
    expect(stdout).toContain('## src/other.js');
    expect(stderr).toContain('maestro: asking local\n');
    expect(stderr).toContain('maestro: in the order of the advisor\n');
  });

  it('packs in the usual order where the advisor fails, with status 0, and says why', async () => {
    const server = await model([{ status: 401 }]);
    const { status, stdout, stderr } = await maestro(ARGS, project(), home({ advisors: [advisor(server)] }));
    expect(status).toBe(0);
    expect(stdout).toContain('## src/total.js');
    expect(stderr).toMatch(/maestro: in the usual order: it failed: local: /);
  });

  it('has in JSON what came of it', async () => {
    const server = await model([{ text: 'src/other.js' }]);
    const { stdout } = await maestro([...ARGS, '--format', 'json'], project(), home({ advisors: [advisor(server)] }));
    expect(JSON.parse(stdout)).toMatchObject({ reranked: { used: true, why: null } });
  });

  it('ends with status 2 for an advisor that there is not, and packs nothing', async () => {
    const { status, stdout, stderr } = await maestro(ARGS, project(), home());
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("there is no provider 'local'");
  });
});
