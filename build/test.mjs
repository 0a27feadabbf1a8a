/** `npm test`: the checks, then every test. Run after build/setup.mjs. */
import { spawnSync } from 'node:child_process';

/** @param {string} command @param {string[]} args @returns {number} */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}

const checked = run('npm', ['run', '--silent', 'check']);
const tested = run('vitest', ['run', ...process.argv.slice(2)]);
if (checked !== 0) process.stderr.write("\n'npm run check' failed: see above\n");
process.exitCode = checked === 0 ? tested : checked;
