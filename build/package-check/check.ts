/** All checks of a package, in their order. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { openArtifact, type OpenArtifact } from './artifact.ts';
import { people } from './as-user.ts';
import { contentRows } from './contents.ts';
import { failed, ok, skipped, type Row } from './row.ts';
import { runRows } from './run.ts';
import { fuseRows, integrityRow, libraryRows, nameRow, readBuild, type BuildFile } from './seals.ts';
import { sizeRows } from './sizes.ts';

const run = promisify(execFile);

export interface CheckOptions {
  /** A Debian package is installed into this system for the run. */
  install: boolean;
  runs: boolean;
  /** A folder that nothing else uses. */
  work: string;
}

/** @throws WakuDeskError FILE_FAILED: it cannot be opened; BAD_USE */
export async function checkPackage(file: string, options: CheckOptions): Promise<Row[]> {
  const artifact = await openArtifact(file, options.work);
  if (options.install && artifact.kind !== 'deb')
    throw new WakuDeskError('BAD_USE', '--install is for a deb.', {
      operation: 'package.check',
      hint: 'Leave it out: other packages run where they are.',
    });
  const build = await readBuild(artifact);
  const rows = [
    nameRow(artifact, build),
    ...(await contentRows(artifact)),
    ...(await sizeRows(artifact)),
    ...(await fuseRows(artifact, build)),
    await integrityRow(artifact),
    ...(await libraryRows(artifact, build)),
  ];
  return [...rows, ...(await useRows(artifact, build, options))];
}

async function useRows(artifact: OpenArtifact, build: BuildFile, options: CheckOptions): Promise<Row[]> {
  const { runs, install, work } = options;
  if (!runs) return [skipped('run', '--no-run was given')];
  const platform = build.system === 'macos' ? 'darwin' : 'linux';
  if (platform !== process.platform || build.arch !== process.arch)
    return [
      skipped(
        'run',
        `this is ${process.platform} on ${process.arch}, and it is for ${build.system} on ${build.arch}`,
      ),
    ];
  if (platform === 'darwin') return [skipped('run', 'driving a window needs Xvfb and xdotool')];
  if (!install) return runAll(artifact, build, work);
  // Whoever runs this may have one installed.
  if (await isInstalled()) return [failed('install', 'waku-desk is installed here already; remove it first')];
  try {
    await run('dpkg', ['-i', artifact.path]).catch((error: unknown) => {
      throw new Error(`dpkg -i: ${describeCause(error)}`);
    });
    const installed = { ...artifact, command: '/usr/bin/waku-desk', resources: '/opt/Waku Desk/resources' };
    return [ok('install', 'with dpkg -i'), ...(await runAll(installed, build, work))];
  } catch (error) {
    return [failed('install', describeCause(error))];
  } finally {
    await run('dpkg', ['-P', 'waku-desk']).catch(() => undefined);
  }
}

function isInstalled(): Promise<boolean> {
  return run('dpkg-query', ['-W', '-f', '${db:Status-Status}', 'waku-desk']).then(
    ({ stdout }) => stdout === 'installed',
    () => false,
  );
}

async function runAll(artifact: OpenArtifact, build: BuildFile, work: string): Promise<Row[]> {
  const { persons, missing } = await people(work, artifact.command);
  const rows: Row[] = missing === null ? [] : [skipped('with the sandbox', missing)];
  for (const person of persons) rows.push(...(await runRows(artifact, build, person, join(work, 'run'))));
  return rows;
}
