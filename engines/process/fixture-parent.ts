/**
 * A fixture, for tests: a harness that starts a node in a process, tells the pid, and waits to be killed. With `hung`
 * the process is one whose main thread never comes back.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { ProcessEngine } from './process-engine.ts';

async function start(): Promise<number | undefined> {
  if (process.argv[2] === 'hung') {
    const child = fork(fileURLToPath(new URL('./fixture-hung.ts', import.meta.url)), [String(process.pid)]);
    await new Promise((resolve) => child.once('message', resolve));
    return child.pid;
  }
  const engine = await ProcessEngine.create('js', parseNodeConfig({ nodeKey: '11'.repeat(32) }));
  await engine.start();
  return engine.pid;
}

process.stdout.write(`${String(await start())}\n`);
