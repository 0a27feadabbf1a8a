/** The C unit tests, plain and under each sanitizer that this machine has. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bridgePath, BuildError, buildBridge, buildTests, findCompiler, host } from '../build.mjs';

const run = promisify(execFile);
/** Compiling seven programs on two busy cores, then hangs and deadlines that are waited for. */
const TIMEOUT_MS = 240_000;

const SANITIZERS = {
  plain: [],
  'address and undefined behaviour': ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  thread: ['-fsanitize=thread'],
};

/** Why that cannot run here, or undefined. */
async function reasonNotTo(name: string, flags: readonly string[]): Promise<string | undefined> {
  if (process.platform === 'win32') return 'the C tests need a POSIX system with gcc or clang';
  const folder = join(import.meta.dirname, '..', 'dist', 'tests', `probe ${name}`);
  try {
    const { command } = await findCompiler();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'probe.c'), 'int main(void) { return 0; }\n');
    const [compiler = '', ...prefix] = command;
    await run(compiler, [...prefix, ...flags, join(folder, 'probe.c'), '-o', join(folder, 'probe')]);
    await run(join(folder, 'probe'));
    return undefined;
  } catch (error) {
    if (error instanceof BuildError) return error.message;
    return `this machine's C compiler has no ${name} sanitizer, or programs with it do not start`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the bridge in C', () => {
  for (const [name, flags] of Object.entries(SANITIZERS))
    it(`passes its unit tests (${name})`, { timeout: TIMEOUT_MS }, async (context) => {
      const reason = await reasonNotTo(name, flags);
      if (reason !== undefined) return context.skip(reason);
      const { program, folder } = await buildTests(name.replaceAll(' ', '-'), flags);
      const { stderr } = await run(program, [folder], { maxBuffer: 1 << 26 }).catch((error: unknown) => {
        const { stderr: words } = error as { stderr: string };
        throw new Error(words.slice(-20_000));
      });
      expect(stderr).not.toContain('WARNING: ThreadSanitizer');
      expect(stderr).toMatch(/\n[1-9][0-9]* tests, 0 failed\n/);
    });

  it('exports what its header declares, and nothing else', { timeout: TIMEOUT_MS }, async (context) => {
    if (process.platform !== 'linux') return context.skip('nm -D reads ELF: Linux only');
    const found = await run('nm', ['--version']).then(
      () => true,
      () => false,
    );
    if (!found) return context.skip('nm (binutils) is missing');
    await buildBridge();
    const { stdout } = await run('nm', ['-D', '--defined-only', bridgePath(host)]);
    const exported = [...stdout.matchAll(/ T (\w+)$/gm)].map((match) => match[1]);
    const header = await readFile(join(import.meta.dirname, '..', 'bridge', 'bridge.h'), 'utf8');
    const declared = [...header.matchAll(/^WB_API [^;(]*?(\w+)\(/gm)].map((match) => match[1]);
    expect(exported.sort()).toEqual(declared.sort());
    expect(declared.length).toBeGreaterThan(10);
  });
});
