/** libgowaku: its Go tests, its ABI from C, and the built library behind the bridge. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';
import { inspectGo, lastLines, runGo } from '../../build/go-toolchain.mjs';
import { buildCmdWaku } from '../../e2e/cmd-waku/build.mjs';
import { buildBridge, BuildError, findCompiler } from '../build.mjs';
import { buildGoWaku, highestGlibc, TAGS } from './build.mjs';

const run = promisify(execFile);
const module = import.meta.dirname;
/** Building everything with the race detector for the first time takes minutes. */
const BUILD_MS = 900_000;
const RUN_MS = 180_000;

/** Where the built library lies, or undefined after the test was skipped. */
async function builtLibrary(context: TestContext): Promise<string | undefined> {
  const built = await buildGoWaku();
  if ('path' in built) return built.path;
  context.skip(built.skipped);
  return undefined;
}

/** Runs something of Go and gives what it says when it fails. */
async function go(context: TestContext, args: string[]): Promise<string> {
  const toolchain = await inspectGo(module, 'libgowaku');
  if ('skipped' in toolchain) context.skip(toolchain.skipped);
  return runGo(module, args).then(
    () => '',
    (error: unknown) => {
      const { stdout } = error as { stdout?: string };
      return `${stdout ?? ''}\n${lastLines(error)}`;
    },
  );
}

describe('the Go code', () => {
  it('has nothing that go vet complains of', { timeout: BUILD_MS }, async (context) => {
    expect(await go(context, ['vet', ...TAGS, './...'])).toBe('');
  });

  it('passes its tests under the race detector', { timeout: BUILD_MS }, async (context) => {
    if (process.platform === 'win32')
      return context.skip('the race detector of Go needs a C compiler of its own there');
    expect(await go(context, ['test', '-race', ...TAGS, './...'])).toBe('');
  });
});

describe('the ABI of the library', () => {
  it('has the symbols of generation B, each once', { timeout: BUILD_MS }, async (context) => {
    if (process.platform !== 'linux') return context.skip('nm -D reads ELF: Linux only');
    const path = await builtLibrary(context);
    if (path === undefined) return;
    const found = await run('nm', ['-D', '--defined-only', path], { maxBuffer: 1 << 26 }).catch(
      () => undefined,
    );
    if (found === undefined) return context.skip('nm (binutils) is missing');
    // What cgo exports for exports.c.
    const inner = ['gowaku_call', 'gowaku_call_with_bytes', 'gowaku_new', 'gowaku_set_event_callback'];
    const exported = [...found.stdout.matchAll(/ T ((?:go)?waku_\w+)$/gm)]
      .map(([, name = '']) => name)
      .filter((name) => !inner.includes(name));
    const headers = ['generation-b.h', 'gowaku.h'].map((name) =>
      readFile(join(module, '..', 'abi', name), 'utf8'),
    );
    // The prototypes are compared by the C compiler: exports.c includes the headers.
    const text = (await Promise.all(headers)).join('');
    const declared = [...text.matchAll(/^\w+ \*?((?:go)?waku_\w+)\(/gm)].map((match) => match[1]);
    expect(exported.sort()).toEqual(declared.sort());
    expect(declared).toHaveLength(40);
  });

  it('answers NULL and garbage in every argument', { timeout: BUILD_MS }, async (context) => {
    if (process.platform === 'win32') return context.skip('the C test needs dlopen');
    const path = await builtLibrary(context);
    if (path === undefined) return;
    const { command } = await findCompiler();
    const folder = await mkdtemp(join(tmpdir(), 'waku-desk-abi-'));
    const program = join(folder, 'abi-test');
    const source = join(module, 'tests', 'abi-test.c');
    const [compiler = '', ...prefix] = command;
    const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-I', join(module, '..', 'abi')];
    try {
      await run(compiler, [...prefix, ...flags, source, '-o', program, '-ldl', '-lpthread']);
      const { stdout } = await run(program, [path], { timeout: RUN_MS });
      expect(stdout).toMatch(/^[1-9]\d+ answers, 0 failures\n$/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('tells the newest glibc that a library needs', () => {
    const elf = (versions: string[]): Buffer => Buffer.from(`\0${versions.join('\0')}\0`);
    expect(highestGlibc(elf(['GLIBC_2.9', 'x', 'GLIBC_2.28', 'GLIBC_2.2.5']))).toBe('2.28');
    expect(() => highestGlibc(elf(['x']))).toThrow(BuildError);
  });
});

/** Runs one of the programs beside this file with the library and a log file; gives what it prints. */
async function program(name: string, libraryPath: string, args: string[]): Promise<unknown> {
  await buildBridge();
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-go-waku-'));
  try {
    const file = join(module, 'tests', name);
    const all = ['--no-warnings', file, libraryPath, join(folder, 'node.log'), ...args];
    const { stdout } = await run(process.execPath, all, { timeout: RUN_MS }).catch((error: unknown) => {
      const { stdout: words, message } = error as { stdout?: string; message: string };
      throw new Error(`${message}\n${words ?? ''}`);
    });
    return JSON.parse(stdout) as unknown;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ORDERLY = 'Closed. The node was stopped and destroyed.';

describe('the library behind the bridge', () => {
  it('has two nodes in one process exchange messages', { timeout: BUILD_MS }, async (context) => {
    if (process.platform === 'win32') return context.skip('there descriptors are of each runtime');
    const path = await builtLibrary(context);
    if (path === undefined) return;
    expect(await program('two-nodes.ts', path, ['200'])).toMatchObject({
      events: [true, true],
      sentLines: true,
      receivedLines: true,
      failures: [],
      closed: [ORDERLY, ORDERLY],
    });
  });

  it('survives signals of the process under traffic', { timeout: BUILD_MS }, async (context) => {
    if (process.platform === 'win32') return context.skip('there are no signals there');
    const path = await builtLibrary(context);
    if (path === undefined) return;
    expect(await program('under-signals.ts', path, ['1500'])).toMatchObject({
      messages: [true, true],
      failures: [],
      closed: [ORDERLY, ORDERLY],
    });
  });

  it(
    "exchanges messages of every kind with go-waku's own program",
    { timeout: BUILD_MS },
    async (context) => {
      if (process.platform === 'win32') return context.skip('there descriptors are of each runtime');
      const path = await builtLibrary(context);
      if (path === undefined) return;
      const other = await buildCmdWaku();
      if ('skipped' in other) return context.skip(other.skipped);
      expect(await program('beside-cmd-waku.ts', path, [other.path, '2000'])).toMatchObject({
        missingAtOther: 0,
        missingAtNode: 0,
        sentLines: 2000,
        receivedLines: 2000,
        pushed: true,
        failures: [],
        closed: [ORDERLY, ORDERLY],
      });
    },
  );
});
