// What every build of Go code needs: whether this machine can do it, and running go.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Go's version, or a sentence saying why this machine cannot build the module.
 * @param {string} moduleDir whose go.mod names the version that is needed
 * @param {string} subject of the sentence, for example 'cmd/waku'
 * @param {{ needsOwnCompiler?: boolean }} [options] false: the C compiler is given with CC
 * @returns {Promise<{ version: string } | { skipped: string }>}
 */
export async function inspectGo(moduleDir, subject, { needsOwnCompiler = true } = {}) {
  const required = /^go (\d+)\.(\d+)/m.exec(await readFile(join(moduleDir, 'go.mod'), 'utf8'));
  if (required === null) throw new Error(`${moduleDir}/go.mod has no go line.`);
  const [requiredMajor, requiredMinor] = [Number(required[1]), Number(required[2])];
  const needed = `${subject} needs Go ${requiredMajor}.${requiredMinor} or newer`;

  let version;
  let cgo;
  try {
    version = (await runGo(moduleDir, ['version'])).trim();
    cgo = (await runGo(moduleDir, ['env', 'CGO_ENABLED'])).trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { skipped: `${needed}, and there is no go on the PATH.` };
    return { skipped: `${needed}, and go does not run here: ${lastLines(error)}` };
  }
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(version) ?? [];
  if (major !== undefined) {
    const isOld =
      Number(major) < requiredMajor || (Number(major) === requiredMajor && Number(minor) < requiredMinor);
    if (isOld) return { skipped: `${needed}, and this is ${version}.` };
  }
  if (needsOwnCompiler && cgo !== '1')
    return { skipped: `${subject} needs a C compiler, and go finds none here (CGO_ENABLED is 0).` };
  return { version };
}

/**
 * The output of go, run in the module.
 * @param {string} moduleDir @param {string[]} args @param {Record<string, string>} [environment] added to this process's
 */
export async function runGo(moduleDir, args, environment = {}) {
  // A go.work further up would not know this module.
  const env = { ...process.env, GOWORK: 'off', ...environment };
  const { stdout } = await run('go', args, { cwd: moduleDir, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** A hash of texts and of files. @param {string[]} texts @param {string[]} files */
export async function hashInputs(texts, files) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  for (const file of files) hash.update(await readFile(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** @param {unknown} error */
function errorCode(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The end of what a command has complained of. @param {unknown} error */
export function lastLines(error) {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (stderr === '' ? String(error) : stderr).split('\n').slice(-20).join('\n');
}
