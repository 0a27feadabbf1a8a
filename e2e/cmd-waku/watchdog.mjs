// Ends what its parent started once the parent is gone, however it ended: stdin closes then.
// Lines on stdin, each JSON: {"watch": {"pid", "workDir"}} and {"forget": pid}.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** @type {Map<number, string>} */
const workDirs = new Map();

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  /** @type {import('./cmd-waku.ts').WatchdogMessage} */
  const message = JSON.parse(line);
  if ('watch' in message) workDirs.set(message.watch.pid, message.watch.workDir);
  else workDirs.delete(message.forget);
});
lines.on('close', () => {
  for (const [pid, workDir] of workDirs) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    rmSync(workDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
