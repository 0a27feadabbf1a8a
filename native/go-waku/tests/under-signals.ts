/**
 * node under-signals.ts <library> <log file> <messages>: two nodes in one process exchange messages while somebody else
 * sends signals to that process; prints what came. Handlers that are set after the library was loaded are the dangerous
 * ones: the library could not prepare them for its small stacks.
 */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { eventually, inFlight, openProcess, Session } from './session.ts';

const [libraryPath = '', logPath = '', countText = '4000'] = process.argv.slice(2);
const count = Number(countText);
const own = await openProcess(libraryPath, logPath);
const [a, b] = [await Session.start(own), await Session.start(own)];
await a.join(await b.address());
await b.join(await a.address());

const SIGNALS = ['SIGCHLD', 'SIGWINCH', 'SIGUSR2', 'SIGHUP'] as const;
let caught = 0;
for (const signal of SIGNALS) process.on(signal, () => caught++);
// To a thread: on Linux that one handles it, unless it blocks the signal.
const sender = `
  const tasks = '/proc/${process.pid}/task';
  setInterval(() => {
    const threads = fs.existsSync(tasks) ? fs.readdirSync(tasks).map(Number) : [${process.pid}];
    for (const thread of threads) for (const signal of ${JSON.stringify(SIGNALS)}) process.kill(thread, signal);
  }, 1);`;
const child = spawn(process.execPath, ['-e', sender], { stdio: 'ignore' });
await eventually('a signal', () => caught > 0);
await inFlight(count, 8, async (index) => {
  await (index % 2 === 0 ? a : b).publish(Buffer.alloc(20_000, index));
});
child.kill('SIGKILL');
const result = {
  caught,
  messages: [a, b].map((node) => node.messages().length > 0),
  failures: [...a.failures, ...b.failures].map(String),
  closed: [await a.close(), await b.close()],
};
writeSync(own.stdout, JSON.stringify(result));
process.exit(0);
