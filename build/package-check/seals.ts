/** What keeps an application as it was built: fuses, the archive's integrity, checksums of libraries. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as asar from '@electron/asar';
import { z } from 'zod';
import { GLIBC } from '../../native/go-waku/build.mjs';
import { sha256Of } from '../../native/library/locate.ts';
import { compareVersions } from '../../native/probe/elf-versions.ts';
import { readLibraryFile } from '../../native/probe/library-file.ts';
import { BUILD_FILE } from '../app-files.mjs';
import { FUSE_NAMES, readFuses, wantedFuses } from '../package/fuses.ts';
import type { OpenArtifact } from './artifact.ts';
import { filesIn } from './contents.ts';
import { failed, ok, skipped, unless, type Row } from './row.ts';

const buildSchema = z.object({
  version: z.string(),
  profile: z.enum(['nwaku', 'go-waku']),
  system: z.enum(['linux', 'macos']),
  arch: z.enum(['x64', 'arm64']),
  labels: z.array(z.string()),
  testHooks: z.boolean(),
});
export type BuildFile = z.infer<typeof buildSchema>;

/** @throws when it is missing or not ours */
export async function readBuild({ resources }: OpenArtifact): Promise<BuildFile> {
  return buildSchema.parse(JSON.parse(await readFile(join(resources, BUILD_FILE), 'utf8')));
}

/** Its name has to say what it is. */
export function nameRow({ path, kind }: OpenArtifact, build: BuildFile): Row {
  const { version, profile, system, arch, labels } = build;
  const expected = ['waku-desk', version, profile, system, arch, ...labels].join('-');
  const name = basename(path);
  if (name === (kind === 'dir' ? expected : `${expected}.${kind}`))
    return ok('name', `says what build.json says`);
  return failed('name', `${name}, and build.json says ${expected}`);
}

export async function fuseRows({ binary }: OpenArtifact, { testHooks }: BuildFile): Promise<Row[]> {
  const states = await readFuses(binary);
  return FUSE_NAMES.map((name) => {
    const wanted = wantedFuses(testHooks)[name] ? 'on' : 'off';
    const state = states[name];
    if (state === 'absent') return skipped(`fuse ${name}`, 'this Electron does not have it');
    return state === wanted
      ? ok(`fuse ${name}`, state)
      : failed(`fuse ${name}`, `${state}, should be ${wanted}`);
  });
}

/** macOS keeps the hash of the archive's header; Electron for Linux checks none. */
export async function integrityRow({ application, resources, system }: OpenArtifact): Promise<Row> {
  const { headerString } = asar.getRawHeader(join(resources, 'app.asar'));
  const hash = createHash('sha256').update(headerString).digest('hex');
  if (system !== 'macos')
    return skipped('asar integrity', `Electron for Linux checks none (header ${hash.slice(0, 12)}…)`);
  const list = await readFile(join(application, 'Info.plist'), 'utf8');
  return list.includes(`<string>${hash}</string>`)
    ? ok('asar integrity', `Info.plist has the header's hash (${hash.slice(0, 12)}…)`)
    : failed('asar integrity', "Info.plist does not have the header's hash");
}

export async function libraryRows({ resources, system }: OpenArtifact, build: BuildFile): Promise<Row[]> {
  const names = (await filesIn(resources)).filter((name) => /\.(so|dylib|node)$/.test(name));
  const expected = build.labels.includes('without-library') ? 2 : 3;
  const rows: Row[] = [
    names.length === expected
      ? ok('native files', names.join(', '))
      : failed('native files', `${names.join(', ')}; there should be ${expected}`),
  ];
  for (const name of names) rows.push(await libraryRow(join(resources, name), name, system, build));
  return rows;
}

async function libraryRow(path: string, name: string, system: string, build: BuildFile): Promise<Row> {
  const file = await readLibraryFile(path);
  const problems: string[] = [];
  const platform = system === 'macos' ? 'darwin' : 'linux';
  if (file?.system !== platform || !file.architectures.includes(build.arch))
    problems.push('it is for another system');
  const glibc = file?.glibc ?? null;
  if (glibc !== null && !build.labels.includes('any-glibc') && compareVersions(glibc, GLIBC) > 0)
    problems.push(`it needs glibc ${glibc}, and packages are for ${GLIBC}`);
  // koffi's has its own guard: a version that must fit.
  const isOurs = !name.endsWith('.node');
  const sha256 = await sha256Of(path);
  if (isOurs) {
    const recorded = await readFile(`${path}.sha256`, 'utf8').catch(() => 'nothing');
    if (recorded.split(/\s/)[0] !== sha256) problems.push(`its recorded checksum is ${recorded.trim()}`);
  }
  const detail = [
    `sha256 ${sha256.slice(0, 12)}…${isOurs ? ' as recorded' : ''}`,
    ...(glibc === null ? [] : [`glibc ${glibc}`]),
  ];
  return unless(basename(name), problems, detail.join(', '));
}
