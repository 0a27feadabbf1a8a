/** `npm run package`: makes packages of the desktop application and prints their paths. */
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { z } from 'zod';
import { EXIT, exitCodeOf } from '../../cli/exit-codes.ts';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { builderConfig } from './builder-config.ts';
import { ROOT } from './places.ts';
import { planPackage, type Plan } from './plan.ts';
import { parseRequest, type PackageRequest } from './request.ts';
import { ownTools } from './tools.ts';

function say(text: string): void {
  process.stderr.write(`package: ${text}\n`);
}

/** @returns the artifacts' paths */
async function makePackages(request: PackageRequest): Promise<string[]> {
  const cache = join(ROOT, '.cache', 'packaging');
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'making-'));
  try {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
    const plan = await planPackage(request, version, work, say);
    if (plan.electron.kind === 'testelectron') {
      const { artifacts, arch } = request;
      Object.assign(process.env, await ownTools(artifacts, arch, plan.electron.appImageRuntime, work));
    }
    const out = resolve(request.out);
    await mkdir(out, { recursive: true });
    return await placed(plan, await runBuilder(plan, join(work, 'out')), out);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @returns the files that it made, and the folder of the application */
async function runBuilder(plan: Plan, output: string): Promise<string[]> {
  const { artifacts, system, arch } = plan.request;
  const platform = system === 'macos' ? Platform.MAC : Platform.LINUX;
  const made = await build({
    projectDir: ROOT,
    targets: platform.createTarget([...artifacts], arch === 'arm64' ? Arch.arm64 : Arch.x64),
    config: builderConfig(plan, output),
    publish: 'never',
  });
  const files = made.filter((path) => basename(path).startsWith(plan.base) && !path.endsWith('.blockmap'));
  return artifacts.includes('dir') ? [...files, join(output, folderName(plan.request))] : files;
}

/** As electron-builder calls the application's folder. */
function folderName({ system, arch }: PackageRequest): string {
  const suffix = arch === 'x64' ? '' : `-${arch}`;
  return system === 'macos' ? `mac${suffix}` : `linux${suffix}-unpacked`;
}

/** Moves artifacts to where they belong. */
async function placed({ base }: Plan, made: readonly string[], out: string): Promise<string[]> {
  const places: string[] = [];
  for (const path of made) {
    const name = basename(path).startsWith(base) ? basename(path) : base;
    const place = join(out, name);
    await rm(place, { recursive: true, force: true });
    await rename(path, place).catch(async (error: unknown) => {
      // Another disk.
      if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
      await cp(path, place, { recursive: true, verbatimSymlinks: true });
    });
    places.push(place);
  }
  return places;
}

try {
  const request = parseRequest(process.argv.slice(2));
  if (request !== null) for (const path of await makePackages(request)) process.stdout.write(`${path}\n`);
} catch (error) {
  const known = error instanceof WakuDeskError ? error : null;
  say(
    known === null ? `electron-builder failed: ${describeCause(error)}` : `${known.code}: ${known.message}`,
  );
  if (known !== null) say(known.hint);
  process.exitCode = known === null ? EXIT.engineFailed : exitCodeOf(known.code);
}
