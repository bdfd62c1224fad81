import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FixDisplay } from '../../src/cli/fix-display.ts';
import type { Io } from '../../src/cli/io.ts';
import type { Progress } from '../../src/flows/fix-contract.ts';
import { sink } from './terminal.ts';

const SEARCH: Progress = {
  ...{ kind: 'search', tried: 120, passing: 0, bestFixed: 1, targets: 2, perSecond: 33.4, remainingMs: 9 },
};
const STEPS: readonly Progress[] = [
  { kind: 'stage', stage: 'implement', note: 'looking for patches' },
  { kind: 'note', text: 'codex \u001b[2Jfailed' },
  SEARCH,
  { ...SEARCH, tried: 121 },
  { kind: 'left', record: { stage: 'implement', outcome: 'done', summary: 'a patch \u001b[31mpasses', ms: 1_560 } },
  { kind: 'left', record: { stage: 'debug', outcome: 'not_needed', summary: 'nothing to debug', ms: 0 } },
  { kind: 'left', record: { stage: 'improve', outcome: 'gave_up', summary: 'no time', ms: 4 } },
];

/** What a display writes on stderr. */
async function shown(terminal: Partial<NodeJS.WriteStream>, env: Record<string, string>, frames = 0): Promise<string> {
  const stderr = sink(terminal);
  const display = new FixDisplay({ stderr, env } as unknown as Io, 60_000);
  for (const step of STEPS.slice(0, 4)) display.show(step);
  if (frames > 0) await pause(frames);
  for (const step of STEPS.slice(4)) display.show(step);
  display.close();
  return stderr.text();
}

describe('what is seen of maestro fix while it works', () => {
  it('is plain lines where it is piped: what begins, what is told, what came of it', async () => {
    expect((await shown({}, {})).split('\n')).toEqual([
      '  implement   looking for patches …',
      '  note: codex failed',
      '✔ implement   a patch passes  1.6 s',
      '· debug       nothing to debug  0.0 s',
      '✘ improve     no time  0.0 s',
      '',
    ]);
  });

  it('is plain too on a terminal that cannot move its cursor', async () => {
    const dumb = await shown({ isTTY: true }, { TERM: 'dumb' });
    expect(dumb).toContain('  implement   looking for patches …\n');
    expect(dumb).not.toContain('\u001b[2K');
  });

  it('is one live line on a terminal, with the newest counts, no wider than the terminal, gone at the end', async () => {
    const text = await shown({ isTTY: true, columns: 60 }, {}, 350);
    const frames = text.split('\r\u001b[2K').filter((frame) => frame.includes('tried'));
    expect(frames.length).toBeGreaterThan(0);
    expect(frames[0]).toBe('  implement   looking for patches  121 tried, 33/s, best fix'.slice(0, 59));
    expect(text).not.toContain('…');
    expect(text.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('counts what passes once anything does', async () => {
    const stderr = sink({ isTTY: true });
    const display = new FixDisplay({ stderr, env: {} } as unknown as Io, 1_000);
    display.show(STEPS[0]!);
    display.show({ ...SEARCH, passing: 2 });
    await pause(250);
    display.close();
    expect(stderr.text()).toContain('120 tried, 33/s, 2 passing  1 s left');
  });
});
