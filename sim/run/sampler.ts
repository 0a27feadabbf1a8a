/** Once a second: what nodes take of the machine and of the network, and how large their meshes are. */
import { delay } from '../../core/engine/deadline.ts';
import type { NodeSet } from '../nodes/node-set.ts';
import type { SimNode } from '../nodes/sim-node.ts';
import type { LineFile } from '../results/line-file.ts';
import { inParallel } from './in-parallel.ts';

export interface Sample {
  /** After the beginning of the traffic; negative before. */
  atMs: number;
  node: number;
  state: SimNode['state'];
  /** Of its process, which it may share. */
  cpuPercent: number | null;
  rssBytes: number | null;
  /** Since the node's engine was made; null where it does not count. */
  inBytes: number | null;
  outBytes: number | null;
  peers: number;
  /** The smallest mesh of its shards. */
  mesh: number;
}

const INTERVAL_MS = 1_000;
const AT_ONCE = 16;
const COLUMNS = [
  'atMs',
  'node',
  'state',
  'cpuPercent',
  'rssBytes',
  'inBytes',
  'outBytes',
  'peers',
  'mesh',
] as const;
export const SAMPLES_CSV_HEAD = COLUMNS.join(',');

export interface SamplerOptions {
  set: NodeSet;
  ndjson: LineFile;
  csv: LineFile;
}

export class Sampler {
  readonly samples: Sample[] = [];
  readonly #options: SamplerOptions;
  readonly #stop = new AbortController();
  #zeroMs: number | null = null;
  #loop: Promise<void> | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Times count from here; earlier samples get negative ones. */
  trafficBegins(): void {
    this.#zeroMs = performance.now();
    for (const sample of this.samples) sample.atMs -= this.#zeroMs;
    for (const sample of this.samples) this.#write(sample);
  }

  /** One more sample of everybody, now. */
  sample(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#sampleAll());
    return this.#turn;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#turn;
    if (this.#zeroMs === null) this.trafficBegins();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const startMs = performance.now();
      await this.sample();
      await delay(INTERVAL_MS - (performance.now() - startMs), this.#stop.signal);
    }
  }

  async #sampleAll(): Promise<void> {
    const { set } = this.#options;
    const measured = new Map<unknown, ReturnType<SimNode['measure']>>();
    await inParallel(set.nodes, AT_ONCE, async (node) => {
      const process = node.pool ?? node;
      let measuring = measured.get(process);
      // Once for all who share it, by one that is there.
      if (measuring === undefined && node.state === 'up')
        measured.set(process, (measuring = node.measure().catch(() => null)));
      const [resources = null, metrics] = await Promise.all([measuring, node.metrics(this.#stop.signal)]);
      const bytes = metrics === null ? null : networkBytes(metrics);
      const sample: Sample = {
        atMs: performance.now() - (this.#zeroMs ?? 0),
        node: node.planned.index,
        state: node.state,
        cpuPercent: resources?.cpuPercent ?? null,
        rssBytes: resources?.rssBytes ?? null,
        inBytes: bytes?.in ?? null,
        outBytes: bytes?.out ?? null,
        peers: node.state === 'up' ? node.session.snapshot().peers.length : 0,
        mesh: node.state === 'up' ? Math.min(...node.meshSizes().values()) : 0,
      };
      this.samples.push(sample);
      if (this.#zeroMs !== null) this.#write(sample);
    });
  }

  #write(sample: Sample): void {
    const named = {
      ...sample,
      atMs: Math.round(sample.atMs),
      node: this.#options.set.nodes[sample.node]?.name,
    };
    this.#options.ndjson.write(JSON.stringify(named));
    this.#options.csv.write(COLUMNS.map((column) => named[column] ?? '').join(','));
  }
}

/** nwaku's counter of bytes on all connections; every engine here serves it. */
function networkBytes(metrics: string): { in: number; out: number } | null {
  const of = (direction: string): number | null => {
    const text = new RegExp(
      `^libp2p_network_bytes_total\\{[^}]*direction="${direction}"[^}]*\\} (\\S+)`,
      'm',
    ).exec(metrics)?.[1];
    return text === undefined ? null : Number(text);
  };
  const [bytesIn, bytesOut] = [of('in'), of('out')];
  return bytesIn === null || bytesOut === null ? null : { in: bytesIn, out: bytesOut };
}
