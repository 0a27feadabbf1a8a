/**
 * `npm test`: the checks, and meanwhile the builds of what is written in Go: the independent node that
 * end-to-end tests talk to, libgowaku, and toxiproxy; then every test. Run after build/setup.mjs. Arguments go to vitest.
 */
import { spawn } from 'node:child_process';

/** @param {string} command @param {string[]} args @returns {Promise<number>} its exit code */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

const [checked] = await Promise.all([
  run('npm', ['run', '--silent', 'check']),
  // Cached by content; one after the other, for each takes all there is of the machine. Their failures are reported by
  // the tests that need them.
  run('node', ['e2e/cmd-waku/build.mjs'])
    .then(() => run('node', ['native/go-waku/build.mjs']))
    .then(() => run('node', ['e2e/toxiproxy/build.mjs'])),
]);
const tested = await run('vitest', ['run', ...process.argv.slice(2)]);
if (checked !== 0) process.stderr.write("\n'npm run check' failed: see above\n");
process.exitCode = checked === 0 ? tested : checked;
