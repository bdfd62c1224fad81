import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chooseSandbox,
  detectSandbox,
  NO_SANDBOX,
  type Sandbox,
  type SandboxView,
} from '../../src/platform/sandbox.ts';
import { bubblewrap } from '../../src/platform/sandbox-bubblewrap.ts';
import { pathsToHide, programsBelow } from '../../src/platform/sandbox-paths.ts';
import { writableMounts } from '../../src/platform/sandbox-probe.ts';
import { unshare } from '../../src/platform/sandbox-unshare.ts';

const ENV = { PATH: process.env.PATH ?? '', HOME: homedir() };
const found = await Promise.all([unshare, bubblewrap].map((kind) => chooseSandbox([kind])));
const working = found.filter(({ kind }) => kind !== 'none');
if (working.length < found.length)
  console.warn(
    `SKIPPED: ${found
      .map(({ why }) => why ?? '')
      .filter(Boolean)
      .join('; ')}`,
  );

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync('/var/tmp/maestro-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(...names: string[]): string[] {
  return names.map((name) => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  });
}

function run(sandbox: Sandbox, view: SandboxView, argv: string[], env: Record<string, string> = ENV) {
  const [program, ...args] = sandbox.wrap(argv, view);
  const { status, stdout, stderr } = spawnSync(program!, args, { cwd: '/', env, encoding: 'utf8', timeout: 20_000 });
  return { status, stdout, stderr };
}

const sh = (script: string, ...args: string[]) => ['sh', '-c', script, 'sh', ...args];

describe.each(working.map((sandbox) => [sandbox.kind, sandbox] as const))(
  'a sandbox made with %s',
  (_kind, sandbox) => {
    it('holds everything it was measured to hold', () => {
      expect(sandbox.holds).toEqual({ network: true, writes: true, processes: true, loopback: true });
      expect(sandbox.why).toBeUndefined();
    });

    it('shows the workspace at the path of the original, which stays as it is', () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      writeFileSync(join(workspace, 'a'), 'copy');
      writeFileSync(join(showAt, 'a'), 'original');
      const end = run(sandbox, { workspace, showAt }, sh('pwd; cat "$1/a"; echo written > "$1/b"; rm "$1/a"', showAt));
      expect(end).toEqual({ status: 0, stdout: `${showAt}\ncopy`, stderr: '' });
      expect(readdirSync(workspace)).toEqual(['b']);
      expect(readdirSync(showAt)).toEqual(['a']);
      expect(readFileSync(join(showAt, 'a'), 'utf8')).toBe('original');
    });

    it('starts in the folder asked for and hands on status, output and arguments as they are', () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      mkdirSync(join(workspace, 'sub'));
      const end = run(
        sandbox,
        { workspace, showAt, cwd: join(showAt, 'sub') },
        sh('pwd; printf "[%s]" "$@"; echo e >&2; exit 7', 'a b', '', '$(id)', '--', 'ü\n'),
      );
      expect(end).toEqual({ status: 7, stdout: `${showAt}/sub\n[a b][][$(id)][--][ü\n]`, stderr: 'e\n' });
    });

    it('lets nothing be written elsewhere, and shows an empty /tmp of its own', () => {
      const [workspace, showAt, other] = make('copy', 'original', 'other') as [string, string, string];
      const inTmp = `/tmp/maestro-test-${process.pid}-${sandbox.kind}`;
      const canary = basename(mkdtempSync('/tmp/maestro-canary-'));
      const end = run(
        sandbox,
        { workspace, showAt },
        sh('echo x > "$1/x"; echo x > "$2" && ls /tmp; echo x > "$HOME/.maestro-test"', other, inTmp),
      );
      const shown = end.stdout.trimEnd().split('\n');
      expect(shown).toContain(inTmp.slice(5));
      expect(shown).not.toContain(canary);
      expect(end.stderr.match(/Read-only file system/g)).toHaveLength(2);
      rmSync(join('/tmp', canary), { recursive: true });
      expect([existsSync(join(other, 'x')), existsSync(inTmp), existsSync(join(homedir(), '.maestro-test'))]).toEqual([
        false,
        false,
        false,
      ]);
    });

    it('shows a workspace whose own path is below /tmp', () => {
      const base = realpathSync(mkdtempSync('/tmp/maestro-test-'));
      try {
        for (const name of ['copy', 'original/modules', 'report', 'hidden'])
          mkdirSync(join(base, name), { recursive: true });
        writeFileSync(join(base, 'original/modules/m'), 'shared');
        mkdirSync(join(base, 'copy/modules'));
        const [showAt, report] = [join(base, 'original'), join(base, 'report')];
        const view = { workspace: join(base, 'copy'), showAt, readOnly: [join(showAt, 'modules')], writable: [report] };
        const end = run(sandbox, view, sh('ls "$1"; cat modules/m; echo done > "$1/report/r"', base));
        expect(end).toEqual({ status: 0, stdout: 'original\nreport\nshared', stderr: '' });
        expect(readFileSync(join(report, 'r'), 'utf8')).toBe('done\n');
      } finally {
        rmSync(base, { recursive: true });
      }
    });

    it('has no network but a loopback of its own', async () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const script = `const net = require('net');
const own = net.createServer((s) => s.destroy()).listen(0, '127.0.0.1', () =>
  net.connect(own.address().port, '127.0.0.1', () => net.connect(${port}, '127.0.0.1').on('connect', () => end('reached')).on('error', (e) => end(e.code))));
const end = (text) => { console.log(text, Object.keys(require('os').networkInterfaces()).join()); process.exit() };`;
      const end = run(sandbox, { workspace, showAt }, [process.execPath, '-e', script]);
      server.close();
      expect(end.stdout).toBe('ECONNREFUSED lo\n');
    });

    it('sees no process but its own, and leaves none behind', () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      const mark = `31${process.pid}.5`;
      const end = run(
        sandbox,
        { workspace, showAt },
        sh('ls -d /proc/[0-9]* | wc -l; (setsid sleep "$1" >/dev/null 2>&1 &) ; sleep 0.1', mark),
      );
      expect(Number(end.stdout)).toBeLessThan(10);
      expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(`sleep ${mark}`);
    });

    it('keeps the user and lets signals work as outside', () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      const end = run(
        sandbox,
        { workspace, showAt },
        sh('id -u; echo $$; sh -c "kill -TERM \\$\\$"; echo $?; kill -TERM $$; sleep 5; echo alive'),
      );
      const [uid, pid, child, ...rest] = end.stdout.trim().split('\n');
      expect([uid, child, rest]).toEqual([String(process.getuid?.()), '143', []]);
      expect(pid).not.toBe('1');
    });

    it('can not be undone from inside', () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      const tries =
        'umount -l "$1"; mount -o remount,bind,rw /; mount -o remount,rw /var; unshare -Urm sh -c "mount -o remount,bind,rw / && echo x > $2/x"; echo x > "$2/x"; exit 0';
      const end = run(sandbox, { workspace, showAt }, sh(tries, showAt, folder));
      expect(end.status).toBe(0);
      expect(existsSync(join(folder, 'x'))).toBe(false);
    });

    it('offers the usual devices and no disk', () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      const end = run(
        sandbox,
        { workspace, showAt },
        sh(
          'echo x > /dev/null && head -c 2 /dev/zero | wc -c; echo x > /dev/shm/x && ls /dev/shm; ls /dev | grep -c -e vd -e sd -e nvme; exit 0',
        ),
      );
      expect(end).toEqual({ status: 0, stdout: '2\nx\n0\n', stderr: '' });
    });

    it('does not let the system be tuned', () => {
      const [workspace, showAt] = make('copy', 'original') as [string, string];
      const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
      const end = run(
        sandbox,
        { workspace, showAt },
        sh('printf %s "$1" > /proc/sys/kernel/core_pattern', before.trim()),
      );
      expect(end.status).not.toBe(0);
    });

    it('hides folders and files with credentials', () => {
      const [workspace, showAt, home] = make('copy', 'original', 'home') as [string, string, string];
      mkdirSync(join(home, '.ssh'));
      writeFileSync(join(home, '.ssh/id'), 'secret');
      writeFileSync(join(home, '.npmrc'), 'secret');
      writeFileSync(join(home, 'notes'), 'open');
      const before = process.env.HOME;
      process.env.HOME = home;
      try {
        const end = run(
          sandbox,
          { workspace, showAt },
          sh('cat "$1/notes" "$1/.npmrc" "$1/.ssh/id"; ls -A "$1/.ssh"; echo x > "$1/.ssh/x"', home),
        );
        expect(end.stdout).toBe('open');
      } finally {
        process.env.HOME = before;
      }
      expect(readdirSync(join(home, '.ssh'))).toEqual(['id']);
    });

    it('takes paths with spaces, newlines, commas, colons, backslashes and non-ASCII letters', () => {
      const name = 'a b\n,c:d=\\e #ü$(id)';
      const [workspace, showAt, modules, report] = make(
        `${name}/copy/modules`,
        `${name}/original`,
        `${name}/original/modules`,
        `${name}/report`,
      ) as [string, string, string, string];
      writeFileSync(join(modules, 'm'), 'shared');
      const view = { workspace: join(workspace, '..'), showAt, readOnly: [modules], writable: [report] };
      const end = run(sandbox, view, sh('cat modules/m; echo x > "$1/r"; echo x > w', report));
      expect(end).toEqual({ status: 0, stdout: 'shared', stderr: '' });
      expect([existsSync(join(report, 'r')), existsSync(join(folder, name, 'copy/w'))]).toEqual([true, true]);
    });

    it('shows shared folders and keeps what is written to them away from the original', () => {
      const [workspace, showAt, modules] = make('copy', 'original', 'original/modules') as [string, string, string];
      mkdirSync(join(workspace, 'modules'));
      writeFileSync(join(modules, 'm'), 'shared');
      symlinkSync('../../lib', join(modules, 'own'));
      const view = { workspace, showAt, readOnly: [modules] };
      const end = run(
        sandbox,
        view,
        sh('cat modules/m; echo changed > modules/m; echo x > modules/x; readlink modules/own'),
      );
      expect(end.stdout).toBe('shared../../lib\n');
      expect(readFileSync(join(modules, 'm'), 'utf8')).toBe('shared');
      expect(readdirSync(modules).sort()).toEqual(['m', 'own']);
    });

    it('lets a folder show through the workspace, without some of its files', () => {
      const [base, showAt, modules] = make('base', 'original', 'original/modules') as [string, string, string];
      const [workspace, work] = make('layers/upper', 'layers/work') as [string, string];
      mkdirSync(join(base, 'modules'));
      for (const name of ['kept', 'changed', 'removed']) writeFileSync(join(base, name), name);
      writeFileSync(join(workspace, 'changed'), 'new');
      writeFileSync(join(modules, 'm'), 'shared');
      const view = { workspace, showAt, lower: { folder: base, work, removed: ['removed'] }, readOnly: [modules] };
      if (!sandbox.overlays) return expect(() => sandbox.wrap(['true'], view)).toThrow('no overlays');
      const end = run(
        sandbox,
        view,
        sh('ls; cat kept changed modules/m; echo x > kept; echo x > modules/x && cat modules/x'),
      );
      expect(end).toEqual({ status: 0, stdout: 'changed\nkept\nmodules\nkeptnewsharedx\n', stderr: '' });
      expect(readFileSync(join(base, 'kept'), 'utf8')).toBe('kept');
      expect(readdirSync(modules)).toEqual(['m']);
    });
  },
);

describe('choosing a sandbox', () => {
  const wrapNothing = (argv: readonly string[]) => [...argv];

  it('finds the same one once a process', async () => {
    expect(detectSandbox()).toBe(detectSandbox());
    expect((await detectSandbox()).kind).toBe(working[0]?.kind ?? 'none');
  });

  it('says why there is none when nothing works', async () => {
    const missing = { kind: 'bubblewrap', overlays: false, wrap: () => ['maestro-no-such-program'] } as const;
    const failing = {
      kind: 'unshare',
      overlays: true,
      wrap: () => ['sh', '-c', 'echo no permission >&2; exit 1'],
    } as const;
    const sandbox = await chooseSandbox([failing, missing]);
    expect(sandbox).toMatchObject({ kind: 'none', why: 'unshare: no permission; bubblewrap: not installed' });
  });

  it('does not believe a kind that starts commands but confines nothing', async () => {
    const inWorkspace = (argv: readonly string[], { workspace }: SandboxView) => [
      'env',
      '-C',
      workspace,
      ...wrapNothing(argv),
    ];
    const sandbox = await chooseSandbox([{ kind: 'unshare', overlays: false, wrap: inWorkspace }]);
    expect(sandbox.kind).toBe('none');
    expect(sandbox.why).toBe('unshare: does not hold: network, writes, processes');
  });

  it('holds nothing and changes no command where there is none', () => {
    expect(NO_SANDBOX.wrap(['a', 'b'], { workspace: '/w', showAt: '/s' })).toEqual(['a', 'b']);
    expect(NO_SANDBOX.holds).toMatchObject({ network: false, writes: false, processes: false });
  });
});

describe('what a sandbox hides and shows', () => {
  it('hides only what is there, and nothing that holds the workspace or lies in it', () => {
    const [home] = make('home') as [string];
    for (const name of ['.aws', '.config/gh', '.claude/tree']) mkdirSync(join(home, name), { recursive: true });
    writeFileSync(join(home, '.netrc'), '');
    const own = (shown: string) =>
      pathsToHide(shown, home)
        .filter(([path]) => path.startsWith(home))
        .map(([path, isFolder]) => [path.slice(home.length + 1), isFolder]);
    expect(own('/srv/app')).toEqual([
      ['.aws', true],
      ['.netrc', false],
      ['.config/gh', true],
      ['.claude', true],
    ]);
    expect(own(join(home, '.claude/tree'))).not.toContainEqual(['.claude', true]);
    expect(own(home)).toEqual([]);
  });

  it('keeps programs below a private folder in sight', () => {
    const [bin, plain] = make('venv/bin', 'tools') as [string, string];
    const programs = programsBelow(folder, [bin, plain, '/usr/bin', join(folder, 'missing/bin'), 'relative'].join(':'));
    expect(programs).toEqual([plain, join(folder, 'venv')]);
  });

  it('reads which mounts can be written from a mountinfo text', () => {
    const line = (point: string, options: string) =>
      `36 35 98:0 / ${point} ${options} - ext4 /dev/root rw,errors=continue\n`;
    const text =
      line('/', 'ro,noatime') + line('/home/a\\040b', 'rw') + line('/data', 'rw') + line('/data', 'ro,nosuid');
    expect(writableMounts(text)).toEqual(['/home/a b']);
  });
});
