/** Process start to a node that listens. */
import { startCmdWaku } from '../e2e/cmd-waku/cmd-waku.ts';
import type { Context, Figure } from './figure.ts';
import { CLUSTER, SHARD } from './load.ts';
import { freePort, ProgramNode, takesConnections } from './program.ts';
import { makeRow, type PeerValues } from './row.ts';

/** One start. */
interface Times {
  readyMs: number;
  listeningMs: number;
}

export const start: Figure = {
  name: 'start',
  about: 'process start to listening',
  besidePeer: true,
  how: `waku-desk node --json of dist/, under the Node that runs this. start: until it says that it is ready
(cmd/waku: until its REST API answers, asked every 25 ms, and has taken a subscription). start.listening: until
its TCP port takes a connection, tried every millisecond, the same way for both. One start of each before the
first run is not counted.`,
  async measure(context, quick) {
    const { peer } = context;
    const runs = quick ? 3 : 10;
    const ours: Times[] = [];
    const theirs: Times[] = [];
    for (let run = 0; run <= runs; run++) {
      context.progress(run === 0 ? 'warm-up' : `run ${run} of ${runs}`);
      const own = await startOurs(context);
      const other = 'path' in peer ? await startTheirs(context, peer.path) : null;
      if (run === 0) continue;
      ours.push(own);
      if (other !== null) theirs.push(other);
    }
    const beside = (of: (times: Times) => number): PeerValues => ({
      name: 'cmd/waku',
      values: theirs.map(of),
    });
    const readyMs = (times: Times): number => times.readyMs;
    const listeningMs = (times: Times): number => times.listeningMs;
    return [
      makeRow('start', 'ms', ours.map(readyMs), beside(readyMs)),
      makeRow('start.listening', 'ms', ours.map(listeningMs), beside(listeningMs)),
    ];
  },
};

async function startOurs(context: Context): Promise<Times> {
  const port = await freePort();
  const startMs = performance.now();
  const listening = listeningAfter(port, startMs);
  const node = context.use(await ProgramNode.start(context, port));
  const readyMs = performance.now() - startMs;
  const listeningMs = await listening;
  await node.stop();
  return { readyMs, listeningMs };
}

async function startTheirs(context: Context, path: string): Promise<Times> {
  const tcpPort = await freePort();
  const startMs = performance.now();
  const listening = listeningAfter(tcpPort, startMs);
  const node = context.use(await startCmdWaku(path, { clusterId: CLUSTER, shards: [SHARD], tcpPort }));
  const readyMs = performance.now() - startMs;
  const listeningMs = await listening;
  await node.stop();
  return { readyMs, listeningMs };
}

async function listeningAfter(port: number, startMs: number): Promise<number> {
  await takesConnections(port);
  return performance.now() - startMs;
}
