/** A node that is not the application: it sees what the application sends, and sends what it should see. */
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../package/places.ts';
import { Started } from './processes.ts';

/** The bundle: setting up is over when the check begins. */
const PROGRAM = join(ROOT, 'dist', 'waku-desk.js');
const WAIT_MS = 60_000;
export const CLUSTER = 16;
export const SHARD = 32;
const CONTENT_TOPIC = '/waku-desk/1/package-check/proto';

const readyLine = z.object({ event: z.literal('ready'), listenAddresses: z.array(z.string()).min(1) });
const messageLine = z.object({ event: z.literal('message'), payload: z.string() });

export class OutsideNode {
  readonly address: string;
  readonly #process: Started;

  static async start(): Promise<OutsideNode> {
    const flags = ['--json', '--cluster-id', String(CLUSTER), '--shard', String(SHARD)];
    const node = new Started(process.execPath, [PROGRAM, 'node', ...flags], { cwd: '/' });
    const address = await node.find('the outside node', WAIT_MS, (line) => {
      const ready = readyLine.safeParse(JSON.parse(line));
      return ready.success ? (ready.data.listenAddresses[0] ?? null) : null;
    });
    return new OutsideNode(address, node);
  }

  private constructor(address: string, process: Started) {
    this.address = address;
    this.#process = process;
  }

  /** Resolves when a message with that payload has come. */
  async hears(payload: string, timeoutMs: number): Promise<void> {
    const wanted = Buffer.from(payload).toString('base64');
    await this.#process.find('a message at the outside node', timeoutMs, (line) => {
      const message = messageLine.safeParse(JSON.parse(line));
      return message.success && message.data.payload === wanted ? true : null;
    });
  }

  /** Sends one through the node, from a process of its own. */
  async send(payload: string): Promise<void> {
    const flags = ['--connect', this.address, '--cluster-id', String(CLUSTER), '--shard', String(SHARD)];
    const message = ['--content-topic', CONTENT_TOPIC, '--payload', payload, '--json'];
    const publish = new Started(process.execPath, [PROGRAM, 'publish', ...flags, ...message], { cwd: '/' });
    await publish.until('publish', WAIT_MS, () => (publish.isRunning ? null : true));
    if (publish.child.exitCode !== 0) throw new Error(`publish failed${publish.lastWords}`);
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
