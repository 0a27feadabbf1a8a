// Programs that the build calls, with the end of what they print for whoever has to explain a failure.
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

/**
 * @param {string} command @param {string[]} args @param {string} [cwd]
 * @returns {Promise<{ code: number, output: string }>} output: the end of what it printed
 */
export function run(command, args, cwd = tmpdir()) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (/** @type {Buffer} */ chunk) => {
        output = (output + chunk.toString()).slice(-4_000);
      });
    child.once('error', (error) => {
      resolve({ code: 1, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

/** @param {string} output */
export function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? '';
}
