/** For the programs that tests run: nodes of libgowaku behind the bridge, in a process with its output redirected. */
import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { bridgePath } from '../../build.mjs';
import { loadBridge, redirectOutput, type BridgeLibrary } from '../../ffi/bridge-library.ts';
import { NativeBridge } from '../../ffi/native-bridge.ts';
import type { BridgeRecord } from '../../ffi/records.ts';

export const TOPIC = '/waku/2/rs/16/32';
const LOG_BYTES = 1 << 30;
const DEADLINE_MS = 60_000;

/** The program's own output, and where the nodes write their lines. */
export interface Process {
  library: BridgeLibrary;
  libraryPath: string;
  logPath: string;
  stdout: number;
}

/** Redirects the output; once per process. */
export async function openProcess(libraryPath: string, logPath: string): Promise<Process> {
  const library = await loadBridge(bridgePath());
  const saved = redirectOutput(library, logPath, LOG_BYTES);
  const stdout = saved.stdout ?? 1;
  // Node's own report would go to the log file.
  process.once('uncaughtException', (error) => {
    writeSync(stdout, error.stack ?? error.message);
    process.exit(1);
  });
  return { library, libraryPath, logPath, stdout };
}

export interface MessageEvent {
  eventType: 'message';
  messageHash: string;
  pubsubTopic: string;
  via?: string;
  wakuMessage: {
    payload: string;
    contentTopic: string;
    version: number;
    /** Exact, as text. */
    timestamp: string;
    ephemeral: boolean;
    meta: string;
  };
}

export class Session {
  readonly events: { eventType: string }[] = [];
  readonly failures: unknown[] = [];
  readonly #bridge: NativeBridge;
  readonly #replies = new Map<number, (record: { ret: number; text: string }) => void>();
  #loaded: (() => void) | undefined;
  #nextId = 1;

  private constructor(process: Process) {
    this.#bridge = new NativeBridge(process.library, {
      libraryPath: process.libraryPath,
      onRecords: (records) => {
        for (const record of records) this.#take(record);
      },
      onError: (error) => this.failures.push(error),
    });
  }

  /** A started node on a free port of 127.0.0.1. */
  static async start(process: Process, config: object = {}): Promise<Session> {
    const session = new Session(process);
    await new Promise<void>((resolve) => {
      session.#loaded = resolve;
    });
    const whole = {
      clusterId: 16,
      shards: [32],
      tcpPort: 0,
      listenAddress: '127.0.0.1',
      colocationLimit: 0,
      logLevel: 'NOTICE',
      ...config,
    };
    await session.call('waku_new', JSON.stringify(whole));
    await session.call('waku_start');
    return session;
  }

  #take(record: BridgeRecord): void {
    if (record.kind === 'loaded') this.#loaded?.();
    else if (record.kind === 'gap') this.failures.push(`${record.lost} events lost`);
    else if (record.kind === 'event') {
      const exact = new TextDecoder().decode(record.bytes).replace(/"timestamp":(-?\d+)/, '"timestamp":"$1"');
      this.events.push(JSON.parse(exact) as { eventType: string });
    } else if (record.kind === 'reply') {
      this.#replies.get(record.callId)?.(record);
      this.#replies.delete(record.callId);
    }
  }

  /** @throws Error with the library's words */
  async call(name: string, ...args: (string | number)[]): Promise<string> {
    const id = this.#nextId++;
    const { ret, text } = await new Promise<{ ret: number; text: string }>((resolve, reject) => {
      this.#replies.set(id, resolve);
      const status = this.#bridge.submit(name, id, args);
      if (status !== 'OK') reject(new Error(`${name}: ${status}`));
    });
    if (ret !== 0) throw new Error(`${name}: ${text}`);
    return text;
  }

  async address(): Promise<string> {
    return (await this.call('waku_listen_addresses')).split(',')[0] ?? '';
  }

  messages(): MessageEvent[] {
    return this.events.filter((event): event is MessageEvent => event.eventType === 'message');
  }

  /** Connects, and waits for a mesh of that size. */
  async join(address: string, meshSize = 1): Promise<void> {
    await this.call('waku_connect', address, 10_000);
    await eventually('a mesh', async () => {
      return (await this.call('waku_relay_get_num_peers_in_mesh', TOPIC)) === String(meshSize);
    });
  }

  publish(payload: Uint8Array, fields: object = {}): Promise<string> {
    const message = {
      payload: Buffer.from(payload).toString('base64'),
      contentTopic: '/test/1/a/proto',
      timestamp: String(process.hrtime.bigint()),
      ...fields,
    };
    return this.call('waku_relay_publish', TOPIC, JSON.stringify(message), 10_000);
  }

  async close(): Promise<string> {
    return (await this.#bridge.close(20_000)).text;
  }
}

/** @throws Error when it does not become true in time */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${DEADLINE_MS / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Calls `work` for 0 to count − 1, that many at a time. */
export async function inFlight(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** The hashes in the lines of that kind, in their order. */
export async function hashesInLog(path: string, kind: 'sent' | 'received'): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines
    .filter((line) => line.includes(` ${kind} relay message `))
    .map((line) => / msg_hash=(0x[0-9a-f]{64}) /.exec(line)?.[1] ?? line);
}
