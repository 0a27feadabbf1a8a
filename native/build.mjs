/**
 * Builds the C libraries into native/dist/<target>/, each only when its sources, flags or compiler changed.
 *
 * node native/build.mjs [--target <target>] [--fixture]
 *   --target    linux-x64, linux-arm64 (glibc 2.17), darwin-x64, darwin-arm64 or win32-x64, with zig; without it this
 *               machine's, with its own C compiler ($CC, else cc)
 *   --fixture   the fixture libraries too, which only tests use
 *
 * Prints the paths. Exit code 6 when a compiler is missing or fails.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const native = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

/** Package names of what release builds are for, and zig's names for them. */
export const TARGETS = {
  'linux-x64': 'x86_64-linux-gnu.2.17',
  'linux-arm64': 'aarch64-linux-gnu.2.17',
  'darwin-x64': 'x86_64-macos.11.0',
  'darwin-arm64': 'aarch64-macos.11.0',
  'win32-x64': 'x86_64-windows-gnu',
};

/** @typedef {keyof typeof TARGETS} Target */
/** @typedef {{ command: string[], version: string }} Compiler */

export const WARNINGS = [
  '-Wall',
  '-Wextra',
  '-Wpedantic',
  '-Wshadow',
  '-Wstrict-prototypes',
  '-Wmissing-prototypes',
  '-Wconversion',
  '-Werror',
];

/** The generations that the fixture pretends to be, and its flags for each. */
export const FIXTURES = {
  a: ['-DFIXTURE_GENERATION=1'],
  b: ['-DFIXTURE_GENERATION=2'],
  c: ['-DFIXTURE_GENERATION=3'],
  d: ['-DFIXTURE_GENERATION=4'],
  old: ['-DFIXTURE_GENERATION=2', '-DFIXTURE_OLD'],
};

const PLATFORM = ['bridge/platform-posix.c', 'bridge/platform-windows.c'];

/** A compiler is missing or has failed; the message is for people. */
export class BuildError extends Error {}

/** This machine, as `process` names it: not only of TARGETS, for any with a C compiler will do. */
export const host = `${process.platform}-${process.arch}`;

/** Of a shared library's file. @param {string} target */
export function suffixOf(target) {
  if (target.startsWith('win32')) return '.dll';
  return target.startsWith('darwin') ? '.dylib' : '.so';
}

/** Where a built bridge lies. @param {string} [target] */
export function bridgePath(target = host) {
  return join(native, 'dist', target, `waku-desk-bridge${suffixOf(target)}`);
}

/** Where a built fixture lies. @param {keyof typeof FIXTURES} generation @param {string} [target] */
export function fixturePath(generation, target = host) {
  return join(native, 'dist', target, 'fixture', `libfixture-${generation}${suffixOf(target)}`);
}

/**
 * The command that compiles for a target.
 * @param {Target} [target] without it for this machine, with its own compiler
 * @returns {Promise<Compiler>}
 * @throws {BuildError} when there is none
 */
export async function findCompiler(target) {
  if (target === undefined) {
    const command = process.env.CC ?? 'cc';
    const version = await versionOf([command, '--version']);
    if (version === undefined)
      throw new BuildError(`no C compiler: '${command}' does not run. Install one, or set CC.`);
    return { command: [command], version };
  }
  return findZig(TARGETS[target]);
}

/**
 * zig's C compiler for one of its targets: from PATH, or Python's `ziglang`.
 * @param {string} zigTarget
 * @returns {Promise<Compiler>}
 * @throws {BuildError} when there is none
 */
export async function findZig(zigTarget) {
  for (const zig of [['zig'], ['python3', '-m', 'ziglang'], ['python', '-m', 'ziglang']]) {
    const version = await versionOf([...zig, 'version']);
    if (version !== undefined) return { command: [...zig, 'cc', '-target', zigTarget], version };
  }
  throw new BuildError("no zig: builds for a target need it. Install it, or 'pip install ziglang==0.17.1'.");
}

/** What a command prints about itself, or undefined when it does not run. @param {string[]} command */
export async function versionOf([command = '', ...args]) {
  try {
    return (await run(command, args)).stdout;
  } catch {
    return undefined;
  }
}

/**
 * The bridge, built unless it is there. Returns its path.
 * @param {Target} [target]
 * @throws {BuildError}
 */
export async function buildBridge(target) {
  const output = bridgePath(target);
  const flags = [...libraryFlags(output), '-O2', ...strippedFlags(output)];
  await compile(await findCompiler(target), target ?? host, flags, await sourcesIn('bridge'), output);
  return output;
}

/**
 * All fixture libraries. Returns their paths.
 * @param {Target} [target]
 * @throws {BuildError}
 */
export async function buildFixtures(target) {
  const compiler = await findCompiler(target);
  const sources = [...(await sourcesIn('fixture')), ...PLATFORM];
  const paths = [];
  for (const [generation, defines] of Object.entries(FIXTURES)) {
    const output = fixturePath(/** @type {keyof typeof FIXTURES} */ (generation), target);
    await compile(
      compiler,
      target ?? host,
      [...libraryFlags(output), ...defines, '-O1', '-g'],
      sources,
      output,
    );
    paths.push(output);
  }
  return paths;
}

/**
 * The bridge's unit tests and the fixtures that they load, with a sanitizer's flags. Returns program and folder.
 * @param {string} name of the folder
 * @param {string[]} sanitizer
 * @throws {BuildError} when they cannot be compiled or linked: also when the sanitizer is missing
 */
export async function buildTests(name, sanitizer) {
  const compiler = await findCompiler();
  const folder = join(native, 'dist', 'tests', name);
  const flags = ['-O1', '-g', ...sanitizer];
  for (const [generation, defines] of Object.entries(FIXTURES)) {
    const output = join(folder, `libfixture-${generation}${suffixOf(host)}`);
    const sources = [...(await sourcesIn('fixture')), ...PLATFORM];
    await compile(compiler, host, [...libraryFlags(output), ...defines, ...flags], sources, output);
  }
  const program = join(folder, process.platform === 'win32' ? 'bridge-tests.exe' : 'bridge-tests');
  const sources = [...(await sourcesIn('tests')), ...(await sourcesIn('bridge'))];
  await compile(compiler, host, flags, sources, program);
  return { program, folder };
}

/** @param {string} output */
function libraryFlags(output) {
  const flags = ['-shared', '-fPIC', '-fvisibility=hidden'];
  if (output.endsWith('.dylib')) flags.push(`-Wl,-install_name,@rpath/${basename(output)}`);
  return flags;
}

/** Without what tells of the machine that built it: paths stand in debug information. @param {string} output */
function strippedFlags(output) {
  return ['-g0', output.endsWith('.dylib') ? '-Wl,-S' : '-s'];
}

/** The C files of a folder, as paths from here. @param {string} folder */
async function sourcesIn(folder) {
  const names = await readdir(join(native, folder));
  return names
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/**
 * @param {Compiler} compiler @param {string} target @param {string[]} flags
 * @param {string[]} sources from here @param {string} output
 */
async function compile(compiler, target, flags, sources, output) {
  // zig's windows-gnu and macOS have neither of them as a library of their own.
  const libraries = target.startsWith('linux') ? ['-lpthread', '-ldl'] : [];
  const args = ['-std=c11', ...WARNINGS, ...flags, ...sources, ...libraries];
  const stamp = `${output}.stamp`;
  const hash = await hashOf([compiler.version, ...compiler.command, ...args]);
  if ((await exists(output)) && (await readFile(stamp, 'utf8').catch(() => '')) === hash) return;

  await mkdir(dirname(output), { recursive: true });
  const building = `${output}.${process.pid}.building`;
  const [command = '', ...prefix] = compiler.command;
  try {
    await run(command, [...prefix, ...args, '-o', building], { cwd: native });
    // Whole or not at all: another process may be loading it.
    await rename(building, output);
    await writeFile(stamp, hash);
  } catch (error) {
    const { stderr, message } = /** @type {{ stderr?: string, message: string }} */ (error);
    throw new BuildError(`${basename(output)} for ${target} cannot be compiled:\n${stderr ?? message}`, {
      cause: error,
    });
  } finally {
    await rm(building, { force: true });
  }
}

/** Of the arguments and of every file that a source can include. @param {string[]} args */
async function hashOf(args) {
  const hash = createHash('sha256').update(args.join('\0'));
  for (const folder of ['abi', 'bridge', 'fixture', 'tests'])
    for (const name of (await readdir(join(native, folder))).sort())
      if (/\.[ch]$/.test(name)) hash.update(`\0${name}\0`).update(await readFile(join(native, folder, name)));
  return hash.digest('hex');
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** @param {string | undefined} name @returns {Target | undefined} */
function checkedTarget(name) {
  if (name === undefined) return undefined;
  if (!Object.hasOwn(TARGETS, name))
    throw new BuildError(`unknown target '${name}': one of ${Object.keys(TARGETS).join(', ')}`);
  return /** @type {Target} */ (name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({ options: { target: { type: 'string' }, fixture: { type: 'boolean' } } });
    const target = checkedTarget(values.target);
    const paths = [
      await buildBridge(target),
      ...(values.fixture === true ? await buildFixtures(target) : []),
    ];
    for (const path of paths) process.stdout.write(`${path}\n`);
  } catch (error) {
    process.stderr.write(`native: ${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 6;
  }
}
