/**
 * A fixture, for tests: a harness that starts a node of the named kind in a process, tells the pid, and waits to be
 * killed. With `hung` the process is one whose main thread never comes back.
 */
import { fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { ProcessEngine } from './process-engine.ts';

async function start(): Promise<number | undefined> {
  const mode = process.argv[2];
  if (mode === 'hung') {
    const child = fork(fileURLToPath(new URL('./fixture-hung.ts', import.meta.url)), [String(process.pid)]);
    await new Promise((resolve) => child.once('message', resolve));
    return child.pid;
  }
  const engine = await ProcessEngine.create(
    z.enum(ENGINE_KINDS).parse(mode),
    parseNodeConfig({ nodeKey: '11'.repeat(32) }),
    { nodeLog: join(mkdtempSync(join(tmpdir(), 'waku-desk-orphan-')), 'node.log') },
  );
  await engine.start();
  return engine.pid;
}

process.stdout.write(`${String(await start())}\n`);
