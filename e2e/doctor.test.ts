/** The doctor, staging and the choice of the engine, as a user meets them. Libraries are the fixture. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fixturePath } from '../native/build.mjs';
import { prepare } from '../native/ffi/fixture-session.ts';
import { librarySuffix } from '../native/library/locate.ts';
import { runCli } from './cli-process.ts';

interface DoctorLine {
  event: string;
  id?: string;
  level?: string;
  message?: string;
  hint?: string;
  engines?: { kind: string; canRun: boolean; version: string | null }[];
}

let root: string;
let unprepared: string | undefined;
beforeAll(async () => {
  unprepared = await prepare();
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'waku-desk-doctor-'));
  vi.stubEnv('XDG_DATA_HOME', root);
  for (const name of ['WAKU_DESK_LIBWAKU', 'WAKU_DESK_LIBGOWAKU']) vi.stubEnv(name, '');
});
afterEach(() => rm(root, { recursive: true }));
afterAll(() => {
  vi.unstubAllEnvs();
});

async function doctor(
  ...args: string[]
): Promise<{ code: number | null; lines: DoctorLine[]; stderr: string }> {
  const { exit, stdout, stderr } = await runCli(['doctor', '--json', ...args]);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as DoctorLine);
  return { code: exit.code, lines, stderr };
}

const engine = (lines: DoctorLine[], kind: string) => lines.at(-1)?.engines?.find((one) => one.kind === kind);

async function copyOf(generation: 'a' | 'b'): Promise<string> {
  const path = join(root, `libwaku${librarySuffix()}`);
  await copyFile(fixturePath(generation), path);
  return path;
}

describe('waku-desk doctor', () => {
  it('says without a library where it is to be had, and succeeds: an engine can run', async () => {
    const { code, lines } = await doctor();
    expect(code).toBe(0);
    expect(lines.at(-1)?.event).toBe('summary');
    expect(lines.find(({ id }) => id === 'library.libwaku')).toMatchObject({
      level: 'notice',
      hint: expect.stringContaining('https://github.com/waku-org/nwaku/releases') as string,
    });
    expect(engine(lines, 'js')?.canRun).toBe(true);
    expect(engine(lines, 'nwaku')?.canRun).toBe(false);
  });

  it('fails with exit code 6 when the engine asked for cannot run', async () => {
    const { code, lines, stderr } = await doctor('--engine=nwaku');
    expect(code).toBe(6);
    expect(lines.find(({ id }) => id === 'library.libwaku')?.level).toBe('bad');
    expect(JSON.parse(stderr)).toMatchObject({ code: 'ENGINE_FAILED', message: 'nwaku cannot run here.' });
  });

  it('prints for people what to do about each finding', async () => {
    const { stdout, exit } = await runCli(['doctor']);
    expect(exit.code).toBe(0);
    expect(stdout).toMatch(/^notice {2}libwaku: .*\n {8}next: .*native add FILE/m);
    expect(stdout).toMatch(
      /^Engines:\n {2}nwaku .*cannot run: libwaku is not on this machine\.\n {2}js +can run$/m,
    );
  });
});

describe('waku-desk native', () => {
  it('adds a library that the doctor finds, and removes it', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const added = await runCli(['native', 'add', await copyOf('b')]);
    expect(added.exit.code, added.stderr).toBe(0);
    expect(added.stdout).toMatch(/^Staged .*waku-desk\/native\/libwaku/);
    expect(added.stdout).toContain('(generation B)');
    expect(added.stdout).toContain('waku-desk serve --engine nwaku');
    const { lines } = await doctor('--engine=nwaku');
    expect(engine(lines, 'nwaku')).toMatchObject({ canRun: true, version: 'v0.37.1-fixture' });
    expect((await runCli(['native', 'remove', 'libwaku'])).stdout).toBe('Removed the staged libwaku.\n');
    expect(engine((await doctor()).lines, 'nwaku')?.canRun).toBe(false);
  });

  it('refuses what is not spoken with exit code 6, and a file that is none with 2', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const old = await runCli(['native', 'add', '--json', await copyOf('a')]);
    expect(old.exit.code).toBe(6);
    expect(JSON.parse(old.stderr)).toMatchObject({ code: 'LIBRARY_REFUSED' });
    expect((await runCli(['native', 'add', join(root, 'none.deb')])).exit.code).toBe(2);
  });
});

describe('the choice of the engine', () => {
  it.each(['node', 'serve'])(
    '%s ends with a sentence and exit code 6 where the library is missing',
    async (command) => {
      const { exit, stderr, stdout } = await runCli([command, '--engine=nwaku', '--json']);
      expect(exit.code).toBe(6);
      expect(stdout).toBe('');
      expect(JSON.parse(stderr)).toMatchObject({
        code: 'LIBRARY_MISSING',
        hint: expect.stringContaining("'waku-desk doctor'") as string,
      });
    },
  );

  it.for(['node', 'serve'])('%s says why where the library is refused', async (command, context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    // From then on descriptors 1 and 2 are node.log's: the words must not end there.
    const { exit, stderr, stdout } = await runCli([
      command,
      '--engine=nwaku',
      `--library=${fixturePath('a')}`,
      '--json',
    ]);
    expect(exit.code).toBe(6);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ code: 'LIBRARY_REFUSED' });
  });

  it('auto says in one line which engine it took, and why', async () => {
    const { stderr } = await runCli([
      'peers',
      '--engine=auto',
      '--connect=/ip4/127.0.0.1/tcp/1',
      '--timeout-ms=500',
    ]);
    expect(stderr.split('\n')[0]).toBe('engine: js; nwaku cannot run: no libwaku was found');
  });

  it('auto passes over a library that cannot be used', async () => {
    const staged = join(root, 'waku-desk', 'native');
    await mkdir(staged, { recursive: true });
    await writeFile(join(staged, `libwaku${librarySuffix()}`), '<!doctype html>');
    const { stderr } = await runCli([
      'peers',
      '--engine=auto',
      '--connect=/ip4/127.0.0.1/tcp/1',
      '--timeout-ms=500',
    ]);
    expect(stderr.split('\n')[0]).toContain('is a web page, not a library');
  });
});
