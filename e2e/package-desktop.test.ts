/** Packages of the desktop application, made, installed and used as people do. */
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { findElectron } from '../build/electron/find-electron.mjs';
import { inspectGo } from '../build/go-toolchain.mjs';
import { findZig } from '../native/build.mjs';
import { ROOT } from './cli-process.ts';

const run = promisify(execFile);
const MINUTES = 60_000;
const isRoot = process.getuid?.() === 0;

let folder: string;
/** Why there are none. */
let missing: string | null = null;
/** By how it ends. */
const packages = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-packages-'));
  missing = await obstacle();
  if (missing !== null) return;
  const zig = await findZig('x86_64-linux-gnu').catch(() => null);
  // Without zig libraries need this machine's glibc, which their packages then have in their names.
  const glibc = zig === null ? ['--any-glibc'] : [];
  const flags = ['--profile=go-waku', '--target', 'AppImage', 'deb', 'dir', `--out=${folder}`, ...glibc];
  await node(['build/package/main.ts', ...flags]);
  for (const name of await readdir(folder))
    packages.set(/\.(AppImage|deb)$/.exec(name)?.[1] ?? 'dir', join(folder, name));
}, 10 * MINUTES);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Why no package of go-waku can be made or run here. */
async function obstacle(): Promise<string | null> {
  if (process.platform !== 'linux') return 'packages are driven under Xvfb, on Linux';
  for (const program of ['Xvfb', 'xdotool', 'xwininfo', 'dpkg-deb', 'mksquashfs', 'desktop-file-validate']) {
    const isThere = await run('which', [program]).then(
      () => true,
      () => false,
    );
    if (!isThere) return `${program} is not here`;
  }
  const go = await inspectGo(join(ROOT, 'native', 'go-waku'), 'libgowaku');
  if ('skipped' in go) return go.skipped;
  const electron = await findElectron();
  return 'missing' in electron ? electron.missing : null;
}

interface Ended {
  code: number;
  output: string;
}

async function node(args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, ELECTRON_BUILDER_COMPRESSION_LEVEL: '1' };
  const { stdout } = await run(process.execPath, args, { cwd: ROOT, env, maxBuffer: 1 << 24 });
  return { code: 0, output: stdout };
}

function check(...args: string[]): Promise<Ended> {
  return node(['build/package-check/main.ts', ...args]).catch((error: unknown) => {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  });
}

function packageOf(context: TestContext, kind: string): string {
  if (missing !== null) context.skip(missing);
  const path = packages.get(kind);
  if (path === undefined) throw new Error(`there is no ${kind} in ${folder}`);
  return path;
}

describe('packages of the profile go-waku', () => {
  it(
    'the AppImage is what it should be, runs, receives and sends',
    { timeout: 10 * MINUTES },
    async (context) => {
      const { code, output } = await check(packageOf(context, 'AppImage'));
      expect(code, output).toBe(0);
      expect(output).toMatch(/library +ok +libgowaku.so of the package is in use/);
    },
  );

  it(
    `the Debian package, ${isRoot ? 'installed' : 'unpacked'}, is what it should be, runs, receives and sends`,
    { timeout: 10 * MINUTES },
    async (context) => {
      const { code, output } = await check(packageOf(context, 'deb'), ...(isRoot ? ['--install'] : []));
      expect(code, output).toBe(0);
      expect(output).toMatch(/message sent from the keyboard +ok/);
    },
  );

  it('what was changed after it was made is found', { timeout: 5 * MINUTES }, async (context) => {
    const changed = join(folder, 'changed');
    await cp(packageOf(context, 'dir'), changed, { recursive: true });
    const resources = join(changed, 'resources');
    await writeFile(join(resources, 'notes.txt'), 'left behind');
    await appendFile(join(resources, 'libgowaku.so'), `built in ${ROOT}/native`);
    const { code, output } = await check(changed, '--no-run');
    expect(code).toBe(1);
    expect(output).toMatch(/^name +FAILED +changed, and build.json says waku-desk-/m);
    expect(output).toMatch(/^other files +FAILED +resources\/notes.txt$/m);
    expect(output).toMatch(/^libgowaku.so +FAILED +its recorded checksum is [0-9a-f]{64}/m);
    expect(output).toMatch(/^paths of the building machine +FAILED +.* in libgowaku.so/m);
    expect(output).toMatch(/^app.asar +ok/m);
  });

  it('what is no package is refused with a next step', async () => {
    const { code, output } = await check(join(ROOT, 'package.json'), '--no-run');
    expect(code).toBe(2);
    expect(output).toContain(
      'package.json is no package.\nThere are AppImage, deb, tar.gz, zip and folders.',
    );
  });
});
