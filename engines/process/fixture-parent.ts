/** A fixture, for tests: a harness that starts a node in a process, tells the pid, and waits to be killed. */
import { parseNodeConfig } from '../../core/engine/config.ts';
import { ProcessEngine } from './process-engine.ts';

const engine = await ProcessEngine.create('js', parseNodeConfig({ nodeKey: '11'.repeat(32) }));
await engine.start();
process.stdout.write(`${String(engine.pid)}\n`);
