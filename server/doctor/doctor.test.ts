import { createServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { doctorReportSchema, type DoctorReport, type Finding } from '../../core/operations/doctor-values.ts';
import { fixturePath } from '../../native/build.mjs';
import { prepare } from '../../native/ffi/fixture-session.ts';
import { clockFinding } from './clock.ts';
import { dataFinding, spaceFinding } from './disk.ts';
import { examine, type DoctorOptions } from './doctor.ts';
import { whereToGet } from './libraries.ts';
import { nodeFinding } from './program.ts';

let folder: string;
let unprepared: string | undefined;
beforeAll(async () => {
  unprepared = await prepare();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-doctor-'));
  vi.stubEnv('XDG_DATA_HOME', folder);
  for (const name of ['WAKU_DESK_LIBWAKU', 'WAKU_DESK_LIBGOWAKU']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function report(options: Partial<DoctorOptions> = {}): Promise<DoctorReport> {
  const found = doctorReportSchema.parse(await examine({ version: '0.0.0-fixture', ...options }));
  const ids = found.findings.map(({ id }) => id);
  expect(new Set(ids).size, 'every finding has its own id').toBe(ids.length);
  for (const { level, message, hint, subject } of found.findings) {
    expect(`${subject}: ${message}`).toMatch(/: .*\.$/);
    expect(hint !== '', `${message} | ${hint}`).toBe(level !== 'good');
  }
  return found;
}

function find({ findings }: DoctorReport, id: string): Finding {
  const found = findings.find((finding) => finding.id === id);
  if (found === undefined) throw new Error(`no finding ${id}`);
  return found;
}

const health = ({ engines }: DoctorReport, kind: string) => engines.find((engine) => engine.kind === kind);

describe('the doctor', () => {
  it('looks at everything, and takes an absent library as normal', async () => {
    const found = await report();
    expect(found.findings.map(({ id }) => id)).toEqual([
      'library.libwaku',
      'library.libgowaku',
      'bridge',
      'program',
      'node',
      'system',
      'ipv4',
      'ipv6',
      'addresses',
      'port.node',
      'port.rest',
      'clock',
      'data',
      'descriptors',
    ]);
    expect(find(found, 'library.libwaku')).toMatchObject({
      level: 'notice',
      hint: expect.stringMatching(
        /github\.com\/waku-org\/nwaku\/releases.*waku-desk native add FILE/,
      ) as string,
    });
    expect(health(found, 'js')).toMatchObject({ canRun: true, version: null });
    expect(health(found, 'nwaku')).toMatchObject({
      canRun: false,
      reason: 'libwaku is not on this machine.',
    });
  });

  it('passes over engines that the build does not carry', async () => {
    const { findings, engines } = await report({ profile: 'go-waku' });
    expect(findings.map(({ id }) => id).filter((id) => id.startsWith('library.'))).toEqual([
      'library.libgowaku',
    ]);
    expect(engines.map(({ kind }) => kind)).toEqual(['go-waku', 'js']);
  });

  it('calls an absent library bad where its engine is wanted', async () => {
    expect(find(await report({ engine: 'nwaku' }), 'library.libwaku').level).toBe('bad');
  });

  it('tells generation and version of a library that can be used (the fixture)', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const found = await report({ engine: 'nwaku', library: fixturePath('c') });
    expect(find(found, 'library.libwaku')).toMatchObject({
      level: 'good',
      message: expect.stringMatching(/fixture.*, generation C, named by --library\.$/) as string,
      details: {
        path: fixturePath('c'),
        generation: 'C',
        isRecorded: false,
        sha256: expect.any(String) as string,
      },
    });
    expect(find(found, 'bridge').level).toBe('good');
    expect(health(found, 'nwaku')).toMatchObject({ canRun: true });
    const old = await report({ engine: 'go-waku', library: fixturePath('old') });
    expect(find(old, 'library.libgowaku').message).toContain('It is an older release');
    expect(health(old, 'nwaku')).toMatchObject({ canRun: false });
  });

  it('says why a library cannot be used (the fixture)', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    for (const [generation, words] of [
      ['a', 'generation A'],
      ['d', 'generation D'],
    ] as const) {
      const found = await report({ library: fixturePath(generation) });
      expect(find(found, 'library.libwaku')).toMatchObject({
        level: 'bad',
        message: expect.stringContaining(words) as string,
      });
      expect(health(found, 'nwaku')).toMatchObject({
        canRun: false,
        reason: expect.stringContaining(words) as string,
      });
    }
    const text = join(folder, 'libgowaku.so');
    await writeFile(text, 'x'.repeat(200));
    expect(find(await report({ library: text }), 'library.libgowaku')).toMatchObject({
      level: 'bad',
      message: 'libgowaku.so is no shared library of Linux, macOS or Windows.',
    });
    expect(find(await report({ library: join(folder, 'none.so') }), 'library.libwaku')).toMatchObject({
      level: 'bad',
      details: { code: 'FILE_FAILED' },
    });
  });

  it('sees a port in use, but not that of its own node', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      // Somebody else has it: as good.
      server.once('error', () => {
        resolve();
      });
      server.listen(60_000, '127.0.0.1', resolve);
    });
    try {
      expect(find(await report(), 'port.node')).toMatchObject({
        level: 'notice',
        message: '60000 is in use.',
      });
      expect(find(await report({ ownPorts: [60_000] }), 'port.node').level).toBe('good');
    } finally {
      server.close();
    }
  });

  it('ends with its caller', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const options = { version: '1', library: fixturePath('b'), signal: AbortSignal.abort() };
    await expect(examine(options)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('findings', () => {
  it('tell an old Node', () => {
    expect(nodeFinding({ node: '20.19.9' })).toMatchObject({ level: 'bad' });
    expect(nodeFinding({ node: '20.20.0' })).toMatchObject({ level: 'good' });
    expect(nodeFinding({ node: '16.17.1', electron: '22.0.0' })).toMatchObject({ level: 'good' });
  });

  it('tell a clock that jumps or stands wrong', async () => {
    let wallMs = Date.UTC(2026, 0, 1);
    const monotonicMs = (): number => performance.now();
    expect(await clockFinding({ wallMs: () => (wallMs += 3_600_000), monotonicMs })).toMatchObject({
      level: 'notice',
      message: expect.stringContaining('jumped') as string,
    });
    wallMs = 0;
    expect(await clockFinding({ wallMs: () => wallMs, monotonicMs })).toMatchObject({
      level: 'bad',
      message: expect.stringContaining('1970') as string,
    });
  });

  it('tell a folder that cannot be written, and a disk that is nearly full', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await dataFinding(join(file, 'below'))).toMatchObject({ level: 'bad' });
    expect(spaceFinding('/x', 4_000).level).toBe('good');
    expect(spaceFinding('/x', 500).level).toBe('notice');
    expect(spaceFinding('/x', 5).level).toBe('bad');
  });

  it('name the package of each system', () => {
    expect(whereToGet('libwaku', 'linux')).toContain('libwaku-<version>-<arch>-<os>-linux.deb');
    expect(whereToGet('libwaku', 'darwin')).toContain('libwaku-<version>-<arch>-macos.tar.gz');
    expect(whereToGet('libwaku', 'win32')).toContain('no package');
    expect(whereToGet('libgowaku')).toContain('native:go-waku');
  });
});
