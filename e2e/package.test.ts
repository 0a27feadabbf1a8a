/** The package as npm makes and installs it: a folder elsewhere, nothing of the checkout. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { payloadOf } from './cli-lines.ts';
import { ROOT, runCli, userEnvironment } from './cli-process.ts';
import { publishArgs, startNode } from './nodes.ts';

const run = promisify(execFile);
const NPM_FLAGS = ['--no-audit', '--no-fund', '--loglevel=error'];

/** An empty folder with the package installed, and the program in it. */
let folder: string;
let program: string;
let packed: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-package-'));
  // The bundle is made by whatever runs the program; npm's own way (prepack) does the same.
  await run(join(ROOT, 'waku-desk'), ['--version'], { env: userEnvironment() });
  const { stdout } = await npm(ROOT, ['pack', '--json', '--ignore-scripts', `--pack-destination=${folder}`]);
  const [pack] = Object.values(
    JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>,
  );
  if (pack === undefined) throw new Error(`npm pack said: ${stdout}`);
  packed = pack.files.map(({ path }) => path);
  // Without koffi, which is optional: nothing has to be fetched.
  await npm(folder, ['install', '--omit=optional', `./${pack.filename}`]);
  program = join(folder, 'node_modules', '.bin', 'waku-desk');
  return () => rm(folder, { recursive: true, force: true });
}, 120_000);

function npm(cwd: string, args: readonly string[]): Promise<{ stdout: string }> {
  return run('npm', [...args, ...NPM_FLAGS], { cwd, env: userEnvironment() });
}

describe('the package', () => {
  it('holds the bundle, its licences and its description, and nothing else', () => {
    const others = packed.filter(
      (path) => !/^(dist\/.*|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
    );
    expect(others).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining(['dist/waku-desk.js', 'dist/scan-worker.js', 'dist/LICENSES.txt']),
    );
  });

  it('needs no other package', async () => {
    const installed = await readdir(join(folder, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['waku-desk']);
  });

  it('tells what is missing for native engines: here koffi, which is optional', async () => {
    const { stdout, exit } = await runCli(['doctor', '--json'], { program, cwd: folder });
    expect(exit.code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ id }) => id === 'program')).toMatchObject({ details: { isCheckout: false } });
    const bridge = lines.find(({ id }) => id === 'bridge');
    expect(bridge).toMatchObject({ level: 'notice' });
    expect(bridge?.message).toMatch(
      packed.some((path) => path.includes('waku-desk-bridge'))
        ? /koffi, which calls native libraries, cannot be loaded/
        : /The bridge library is not here/,
    );
    expect(lines.at(-1)).toMatchObject({
      event: 'summary',
      engines: expect.arrayContaining([expect.objectContaining({ kind: 'js', canRun: true })]) as unknown[],
    });
  });

  it('has all that native engines need where koffi is installed', async (context) => {
    if (!packed.some((path) => path.includes('waku-desk-bridge')))
      context.skip('no bridge could be built on this machine');
    // The one of the checkout: what npm would install.
    const koffi = join(folder, 'node_modules', 'koffi');
    const binaries = join(folder, 'node_modules', '@koromix');
    await symlink(join(ROOT, 'node_modules', 'koffi'), koffi);
    await symlink(join(ROOT, 'node_modules', '@koromix'), binaries);
    try {
      const { stdout } = await runCli(['doctor', '--json'], { program, cwd: folder });
      expect(stdout).toContain('koffi and the bridge library can be loaded.');
    } finally {
      await unlink(koffi);
      await unlink(binaries);
    }
  });

  it('runs with npx and by its name', async () => {
    const { stdout } = await run('npx', ['--no-install', 'waku-desk', '--version'], {
      cwd: folder,
      env: userEnvironment(),
    });
    expect(stdout).toBe(`${manifest.version}\n`);
    const cli = await runCli(['--version'], { program, cwd: folder });
    expect(cli.stdout).toBe(`${manifest.version}\n`);
    expect(cli.stderr).toBe('');
  });

  it('runs a scenario that comes with it, in processes of its own', async () => {
    const out = join(folder, 'simulated');
    const { stdout, stderr, exit } = await runCli(['sim', 'run', 'two-nodes', `--out=${out}`, '--json'], {
      program,
      cwd: folder,
      timeoutMs: 60_000,
    });
    // How late messages are is the machine's matter; that each arrives is ours.
    expect([0, 1], stderr).toContain(exit.code);
    expect(JSON.parse(stdout)).toMatchObject({
      event: 'summary',
      nodeCount: 2,
      delivery: { expected: 40, arrived: 40 },
    });
    expect(await readdir(out)).toContain('summary.json');
  });

  it('runs a node that captures, and publishes to it', async () => {
    const capture = join(folder, 'capture');
    const { cli, address, ready } = await startNode([`--capture=${capture}`], { program, cwd: folder });
    expect(ready.pid).toBe(cli.pid);
    const sent = await runCli(publishArgs(address, { payload: 'packed' }), { program, cwd: folder });
    expect(sent.exit.code, sent.stderr).toBe(0);
    const message = await cli.waitFor('message');
    expect(payloadOf(message).toString()).toBe('packed');
    expect(message.seq).toBe(1);
    expect(await cli.terminate()).toMatchObject({ code: 0 });
  });
});
