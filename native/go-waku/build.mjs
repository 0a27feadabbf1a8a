/**
 * Builds libgowaku, with its hash beside it; only when sources, flags or Go changed. For this machine into
 * native/dist/<target>/, where it is found; for packages into native/dist/<target>/portable/, so that making one
 * takes nothing away from whoever uses the other meanwhile.
 *
 * node native/go-waku/build.mjs [--target <target> | --portable]
 *   --target    linux-x64, linux-arm64 (zig, glibc 2.28) or win32-x64 (mingw-w64, else zig), for packages
 *   --portable  this machine's target as for packages
 *   without     for this machine, with its own C compiler
 *
 * Prints the path. Exit code 6 when it cannot be built here, or fails.
 */
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hashInputs, inspectGo, lastLines, runGo } from '../../build/go-toolchain.mjs';
import { BuildError, findZig, host, suffixOf, versionOf } from '../build.mjs';

const moduleDir = dirname(fileURLToPath(import.meta.url));
const dist = join(moduleDir, '..', 'dist');

/** Also of the Go tests. */
export const TAGS = ['-tags', 'gowaku_no_rln'];
const FLAGS = ['-mod=readonly', '-trimpath', ...TAGS, '-buildmode=c-shared'];
const LINKED = ['-ldflags', '-s -w'];
/** zig's linker keeps what -s should take away, debug information with paths of this machine too, unless it is told. */
const LINKED_BY_ZIG = ['-ldflags', '-s -w -extldflags=-s'];

/** The oldest glibc that packages are for: Debian 10, Ubuntu 20.04, RHEL 8. */
export const GLIBC = '2.28';

/** What packages are built for: Go's names, and zig's. */
const TARGETS = {
  'linux-x64': { os: 'linux', arch: 'amd64', zig: `x86_64-linux-gnu.${GLIBC}` },
  'linux-arm64': { os: 'linux', arch: 'arm64', zig: `aarch64-linux-gnu.${GLIBC}` },
  'win32-x64': { os: 'windows', arch: 'amd64', zig: 'x86_64-windows-gnu', gcc: 'x86_64-w64-mingw32-gcc' },
};

/** @typedef {keyof typeof TARGETS} Target */
/** @typedef {{ path: string } | { skipped: string }} GoWakuBuild */

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * The library, built unless it is there (a minute and more the first time), or a sentence saying why this machine
 * cannot build it. Several processes may build at the same time; each sees a whole library or none.
 * @param {{ target?: Target, portable?: boolean }} [options] without: for this machine alone
 * @returns {Promise<GoWakuBuild>}
 * @throws {BuildError} when Go or the C compiler fails, or the target is unknown
 */
export function buildGoWaku({ target, portable = false } = {}) {
  // One after the other: each takes all there is of this machine.
  const build = last.then(() => findOrBuild(target ?? (portable ? host : undefined)));
  last = build.catch(() => undefined);
  return build;
}

/** @param {string} [target] @returns {Promise<GoWakuBuild>} */
async function findOrBuild(target) {
  const toolchain = await inspectGo(moduleDir, 'libgowaku', { needsOwnCompiler: target === undefined });
  if ('skipped' in toolchain) return toolchain;
  const compiler = await compilerFor(target);
  if ('skipped' in compiler) return compiler;

  const folder = target === undefined ? join(dist, host) : join(dist, target, 'portable');
  const path = join(folder, `libgowaku${suffixOf(target ?? host)}`);
  const inputs = await hashInputs(
    [toolchain.version, ...FLAGS, ...LINKED, ...LINKED_BY_ZIG],
    await sources(),
  );
  const stamp = `${inputs} ${compiler.name}`;
  const isCurrent = stamp === (await readFile(`${path}.stamp`, 'utf8').catch(() => ''));
  if (isCurrent && (await exists(path)) && (await exists(`${path}.sha256`))) return { path };
  await build(path, compiler);
  await writeFile(`${path}.stamp`, stamp);
  return { path };
}

/** @param {string} path @param {{ environment: Record<string, string>, linked: string[] }} compiler */
async function build(path, { environment, linked }) {
  await mkdir(dirname(path), { recursive: true });
  const temporaryDir = await mkdtemp(join(dirname(path), 'building-'));
  try {
    // With its suffix: mingw's linker adds one of its own to a bare name.
    const built = join(temporaryDir, basename(path));
    await runGo(moduleDir, ['build', ...FLAGS, ...linked, '-o', built, '.'], environment).catch(
      (/** @type {unknown} */ error) => {
        throw new BuildError(`go could not build libgowaku:\n${lastLines(error)}`, { cause: error });
      },
    );
    const bytes = await readFile(built);
    checkPortable(bytes, environment);
    checkPaths(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await writeFile(`${built}.sha256`, `${sha256}  ${basename(path)}\n`);
    // Between the two there is no hash rather than a wrong one.
    await rm(`${path}.sha256`, { force: true });
    await rename(built, path);
    await rename(`${built}.sha256`, `${path}.sha256`);
  } finally {
    await rm(temporaryDir, { recursive: true, force: true });
  }
}

/**
 * The environment in which Go compiles C for a target, and a name for it.
 * @param {string} [target]
 * @returns {Promise<{ name: string, environment: Record<string, string>, linked: string[] } | { skipped: string }>}
 */
async function compilerFor(target) {
  if (target === undefined) return { name: 'own', environment: {}, linked: LINKED };
  if (!Object.hasOwn(TARGETS, target))
    throw new BuildError(
      `libgowaku for '${target}' is not built here: one of ${Object.keys(TARGETS).join(', ')}`,
    );
  const { os, arch, zig, ...other } = /** @type {{ os: string, arch: string, zig: string, gcc?: string }} */ (
    TARGETS[/** @type {Target} */ (target)]
  );
  const environment = { CGO_ENABLED: '1', GOOS: os, GOARCH: arch };
  const gccVersion = other.gcc === undefined ? undefined : await versionOf([other.gcc, '--version']);
  if (other.gcc !== undefined && gccVersion !== undefined)
    return {
      name: gccVersion.split('\n')[0] ?? '',
      environment: { ...environment, CC: other.gcc },
      linked: LINKED,
    };
  try {
    const { command, version } = await findZig(zig);
    const name = `zig ${version.trim()} ${zig}`;
    return { name, environment: { ...environment, CC: command.join(' ') }, linked: LINKED_BY_ZIG };
  } catch (error) {
    if (error instanceof BuildError) return { skipped: error.message };
    throw error;
  }
}

/** @param {Buffer} bytes @param {Record<string, string>} environment */
function checkPortable(bytes, environment) {
  if (environment.GOOS !== 'linux') return;
  const needed = highestGlibc(bytes);
  if (compareVersions(needed, GLIBC) > 0)
    throw new BuildError(`libgowaku needs glibc ${needed}, and packages are for ${GLIBC}.`);
}

/** Nothing inside may tell of the machine that built it. @param {Buffer} bytes */
function checkPaths(bytes) {
  for (const path of [resolve(moduleDir, '../..'), homedir()].map((folder) => folder + sep))
    if (bytes.includes(path)) throw new BuildError(`libgowaku has a path of this machine inside: ${path}`);
}

/** The newest version of glibc whose symbols an ELF file needs. @param {Buffer} bytes */
export function highestGlibc(bytes) {
  const names = [...bytes.toString('latin1').matchAll(/\0GLIBC_(\d+(?:\.\d+)+)(?=\0)/g)];
  if (names.length === 0) throw new BuildError('libgowaku names no version of glibc: it is no ELF library');
  return names.map(([, version = '']) => version).reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b));
}

/** @param {string} a @param {string} b */
function compareVersions(a, b) {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Everything that is compiled into the library. */
async function sources() {
  const names = await readdir(moduleDir, { recursive: true });
  const own = names.filter(
    (name) =>
      /(\.go|\.c|\.h|go\.mod|go\.sum)$/.test(name) &&
      !name.endsWith('_test.go') &&
      // A program of its own.
      !name.startsWith('cmd'),
  );
  const headers = ['generation-b.h', 'gowaku.h'].map((name) => join(moduleDir, '..', 'abi', name));
  return [...own.sort().map((name) => join(moduleDir, name)), ...headers];
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({ options: { target: { type: 'string' }, portable: { type: 'boolean' } } });
    const target = /** @type {Target | undefined} */ (values.target);
    const result = await buildGoWaku({
      ...(target !== undefined && { target }),
      portable: values.portable === true,
    });
    if ('skipped' in result) throw new BuildError(result.skipped);
    process.stdout.write(`${result.path}\n`);
  } catch (error) {
    process.stderr.write(`native:go-waku: ${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 6;
  }
}
