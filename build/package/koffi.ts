/** koffi's own binary for a target: npm installs only this machine's. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { ROOT } from './places.ts';
import type { Target } from './request.ts';

const run = promisify(execFile);

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});
const packedSchema = z.tuple([z.object({ filename: z.string(), integrity: z.string() })]);

/** Where koffi looks for it below the folder of resources. */
export function koffiPlace(target: Target): string {
  return `koffi/${target.replace('-', '_')}/koffi.node`;
}

/**
 * The file, from npm if need be, as package-lock.json has it.
 * @throws WakuDeskError FILE_FAILED
 */
export async function koffiBinary(target: Target): Promise<string> {
  const inPackage = join(target.replace('-', '_'), 'koffi.node');
  const installed = join(ROOT, 'node_modules', '@koromix', `koffi-${target}`, inPackage);
  if (await exists(installed)) return installed;
  const { version, integrity } = await locked(`@koromix/koffi-${target}`);
  const cached = join(ROOT, '.cache', 'koffi', `${target}-${version}`);
  if (!(await exists(cached))) await fetch(`@koromix/koffi-${target}@${version}`, integrity, cached);
  return join(cached, inPackage);
}

async function locked(name: string): Promise<{ version: string; integrity: string }> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
  const { version, integrity } = packages[`node_modules/${name}`] ?? {};
  if (version !== undefined && integrity !== undefined) return { version, integrity };
  throw failure(`${name} is not in package-lock.json.`, "Run 'npm install' with network, then again.");
}

async function fetch(spec: string, integrity: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(join(dirname(folder), 'fetching-'));
  try {
    const { stdout } = await run('npm', ['pack', spec, '--json', `--pack-destination=${work}`]);
    const [packed] = packedSchema.parse(Object.values(JSON.parse(stdout) as object));
    if (packed.integrity !== integrity)
      throw failure(
        `${spec} is not what package-lock.json has.`,
        'Look into the registry that npm uses here.',
      );
    await run('tar', ['xzf', join(work, packed.filename)], { cwd: work });
    // Whole or not at all; another process may have been faster.
    await rename(join(work, 'package'), folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } catch (error) {
    if (error instanceof WakuDeskError) throw error;
    throw failure(
      `${spec} could not be had from npm.`,
      'Check the network and the registry, then again.',
      error,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function failure(message: string, hint: string, cause?: unknown): WakuDeskError {
  return new WakuDeskError('FILE_FAILED', message, { operation: 'package.koffi', hint, cause });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
