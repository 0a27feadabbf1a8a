/** Memory of a node after its start and after many messages. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Figure } from './figure.ts';
import { PAYLOAD_BYTES } from './load.ts';
import { OurNode } from './our-node.ts';
import { PeerNode } from './peer-node.ts';
import { ProgramNode } from './program.ts';
import { makeRow, type PeerValues } from './row.ts';

const RATE = 1_000;
const SETTLE_MS = 2_000;
/** For the last messages on their way. */
const LINGER_MS = 250;
const RECEIVE_TIMEOUT_MS = 30_000;

/** MiB. */
interface Memory {
  started: number;
  loaded: number;
}

export const rss: Figure = {
  name: 'rss',
  about: 'memory after the start and after 10,000 messages',
  besidePeer: true,
  how: `Resident memory (VmRSS) of waku-desk node of dist/, and of cmd/waku with its REST cache drained every
20 ms: two seconds after it is ready, and two seconds after it has received 10,000 messages of 1 KiB (--quick
2,000) at 1,000/s from our node in another process. No capture; ours keeps a summary of each message in memory.`,
  async measure(context, quick) {
    if (process.platform !== 'linux') throw new Error('it is read from /proc, which only Linux has');
    const { peer } = context;
    const runs = quick ? 1 : 3;
    const count = quick ? 2_000 : 10_000;
    const ours: Memory[] = [];
    const theirs: Memory[] = [];
    for (let run = 1; run <= runs; run++) {
      context.progress(`run ${run} of ${runs}`);
      ours.push(await measureOurs(context, count));
      if ('path' in peer) theirs.push(await measureTheirs(context, peer.path, count));
    }
    const beside = (of: (memory: Memory) => number): PeerValues => ({
      name: 'cmd/waku',
      values: theirs.map(of),
    });
    const started = (memory: Memory): number => memory.started;
    const loaded = (memory: Memory): number => memory.loaded;
    return [
      makeRow('rss.start', 'MiB', ours.map(started), beside(started)),
      makeRow('rss.loaded', 'MiB', ours.map(loaded), beside(loaded)),
    ];
  },
};

async function measureOurs(context: Context, count: number): Promise<Memory> {
  const node = context.use(await ProgramNode.start(context, 0));
  const started = await residentMiB(node.pid);
  await sendTo(context, node.multiaddr, count);
  const loaded = await residentMiB(node.pid);
  const received = await node.end();
  if (received !== count) throw new Error(`waku-desk node received ${received} of ${count} messages`);
  return { started, loaded };
}

async function measureTheirs(context: Context, path: string, count: number): Promise<Memory> {
  const node = context.use(await PeerNode.start(path));
  const started = await residentMiB(node.pid);
  await node.expect({ run: 1, count, rate: RATE, inFlight: 1, payloadBytes: PAYLOAD_BYTES });
  await sendTo(context, node.multiaddr, count);
  const { received } = await node.received(RECEIVE_TIMEOUT_MS);
  const loaded = await residentMiB(node.pid);
  await node.stop();
  if (received !== count) throw new Error(`cmd/waku received ${received} of ${count} messages`);
  return { started, loaded };
}

async function sendTo(context: Context, multiaddr: string, count: number): Promise<void> {
  const sender = context.use(await OurNode.start());
  await sender.connect(multiaddr);
  // The other side's mesh: a heartbeat later at most.
  await delay(SETTLE_MS);
  await sender.send({ run: 1, count, rate: RATE, inFlight: 1, payloadBytes: PAYLOAD_BYTES });
  await delay(LINGER_MS);
  await sender.stop();
}

/** After a pause for what the process still has to do. */
async function residentMiB(pid: number): Promise<number> {
  await delay(SETTLE_MS);
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`process ${pid} has no VmRSS`);
  return Number(kib) / 1_024;
}
