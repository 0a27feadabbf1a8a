/** Opening an artifact: what kind it is, where the application in it lies, and how a user would start it. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';

const run = promisify(execFile);

export type ArtifactKind = 'AppImage' | 'deb' | 'tar.gz' | 'zip' | 'dir';

export interface OpenArtifact {
  kind: ArtifactKind;
  path: string;
  /** Of the artifact as it is downloaded; null for a folder. */
  sizeBytes: number | null;
  /** Everything that it unpacks to. */
  root: string;
  /** The folder with the program, or Contents of a .app. */
  application: string;
  resources: string;
  /** The program's binary, where the fuses are; on macOS the .app. */
  binary: string;
  system: 'linux' | 'macos';
  /** What a user starts. */
  command: string;
  /** Beside the user's own. */
  environment: Record<string, string>;
}

/**
 * @param work a folder for what is unpacked
 * @throws WakuDeskError FILE_FAILED: it is no package of this application, or cannot be unpacked here
 */
export async function openArtifact(file: string, work: string): Promise<OpenArtifact> {
  const path = resolve(file);
  const facts = await stat(path).catch((error: unknown) => {
    throw failure(`${file} cannot be read.`, 'Name a package that exists.', error);
  });
  const kind = facts.isDirectory() ? 'dir' : await kindOf(path);
  const root = kind === 'dir' ? path : join(work, 'unpacked');
  await unpack(kind, path, root).catch((error: unknown) => {
    const hint =
      'Get it again; zip needs unzip, deb dpkg-deb, and an AppImage of another processor unsquashfs.';
    throw failure(`${basename(path)} cannot be unpacked: ${describeCause(error)}.`, hint, error);
  });
  const layout = await layoutOf(root);
  if (layout === null)
    throw failure(`There is no Waku Desk in ${basename(path)}.`, 'Name a package made by npm run package.');
  return {
    kind,
    path,
    sizeBytes: kind === 'dir' ? null : facts.size,
    root,
    ...layout,
    command: kind === 'AppImage' ? path : layout.command,
    // FUSE is not everywhere; it unpacks itself then.
    environment: kind === 'AppImage' ? { APPIMAGE_EXTRACT_AND_RUN: '1' } : {},
  };
}

async function kindOf(path: string): Promise<Exclude<ArtifactKind, 'dir'>> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    if (buffer.toString('latin1', 8, 11) === 'AI\x02') return 'AppImage';
    if (buffer.toString('latin1', 0, 8) === '!<arch>\n') return 'deb';
    if (buffer.readUInt16BE(0) === 0x1f8b) return 'tar.gz';
    if (buffer.toString('latin1', 0, 2) === 'PK') return 'zip';
  } finally {
    await file.close();
  }
  throw failure(`${basename(path)} is no package.`, 'There are AppImage, deb, tar.gz, zip and folders.');
}

async function unpack(kind: ArtifactKind, path: string, root: string): Promise<void> {
  if (kind === 'dir') return;
  await mkdir(root, { recursive: true });
  if (kind === 'deb') await run('dpkg-deb', ['-x', path, root]);
  else if (kind === 'tar.gz') await run('tar', ['xzf', path, '-C', root]);
  else if (kind === 'zip') await run('unzip', ['-q', path, '-d', root]);
  else await unpackAppImage(path, root);
}

async function unpackAppImage(path: string, root: string): Promise<void> {
  await chmod(path, 0o755);
  // It unpacks itself where it can run.
  await run(path, ['--appimage-extract'], { cwd: dirname(root), maxBuffer: 1 << 26 })
    .then(() => run('mv', ['-T', join(dirname(root), 'squashfs-root'), root]))
    .catch(async () => {
      const { stdout } = await run('unsquashfs', ['-s', '-o', String(await endOfProgram(path)), path]);
      if (!stdout.includes('SQUASHFS')) throw new Error('no file system in it');
      await run('unsquashfs', ['-q', '-n', '-f', '-d', root, '-o', String(await endOfProgram(path)), path]);
    });
}

/** Of the ELF program at its head: its table of sections is the last. */
async function endOfProgram(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return Number(buffer.readBigUInt64LE(40)) + buffer.readUInt16LE(58) * buffer.readUInt16LE(60);
  } finally {
    await file.close();
  }
}

type Layout = Pick<OpenArtifact, 'application' | 'resources' | 'binary' | 'system' | 'command'>;

async function layoutOf(root: string): Promise<Layout | null> {
  const candidates = [root, join(root, 'opt', 'Waku Desk')];
  for (const entry of await readdir(root, { withFileTypes: true }))
    if (entry.isDirectory()) candidates.push(join(root, entry.name));
  for (const folder of candidates) {
    const app = folder.endsWith('.app') ? folder : join(folder, 'Waku Desk.app');
    const contents = join(app, 'Contents');
    if (await isFile(join(contents, 'MacOS', 'Waku Desk')))
      return {
        application: contents,
        resources: join(contents, 'Resources'),
        binary: app,
        system: 'macos',
        command: join(contents, 'MacOS', 'Waku Desk'),
      };
    const program = join(folder, 'waku-desk');
    if (await isFile(program))
      return {
        application: folder,
        resources: join(folder, 'resources'),
        binary: program,
        system: 'linux',
        command: program,
      };
  }
  return null;
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

function failure(message: string, hint: string, cause?: unknown): WakuDeskError {
  return new WakuDeskError('FILE_FAILED', message, { operation: 'package.open', hint, cause });
}
