// Runs go-waku's own node (see build.mjs) as a peer on 127.0.0.1 and talks to its REST API.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

const START_TIMEOUT_MS = 20_000;
const START_ATTEMPTS = 3;
const STOP_TIMEOUT_MS = 5_000;
const POLL_INTERVAL_MS = 25;
const LOG_LINES_KEPT = 2_000;
/** The node logs every REST call: ours, and while we poll they would push out the rest. */
const ACCESS_LOG_LINE = /^\d{4}\/\d\d\/\d\d [\d:]+ "/;
const DEFAULT_MAX_MESSAGE_SIZE_BYTES = 150 * 1024;
/** What it prints, a page of it, when it does not like a flag. */
const USAGE_LINE = /^( {3}|[A-Z ]+:$|$)/;

export interface CmdWakuOptions {
  readonly clusterId: number;
  /** Subscribed from the start, in gossipsub and for `messages()`. */
  readonly shards: readonly number[];
  /** Multiaddrs dialled once, right after the start. */
  readonly staticNodes?: readonly string[];
  /** A free one by default. */
  readonly tcpPort?: number;
  /** secp256k1 private key as 64 hex digits without 0x; random by default. */
  readonly nodeKey?: string;
  /** In bytes, 153,600 by default as in nwaku; cmd/waku's own default "150KB" means 150,000. */
  readonly maxMessageSize?: number;
  /** What it serves to light clients. */
  readonly services?: readonly ('filter' | 'lightpush')[];
  /** Come last, so that they win over the flags set here: `['--ip-colocation-limit=5']`. */
  readonly extraArgs?: readonly string[];
}

export interface CmdWakuPublish {
  readonly payload: Uint8Array;
  readonly contentTopic: string;
  readonly timestampNs: bigint;
  readonly meta?: Uint8Array;
  readonly ephemeral?: boolean;
  readonly version?: number;
}

/** A message as the node received it; a field its sender left out is absent. */
export interface CmdWakuMessage {
  readonly payload: Uint8Array;
  readonly contentTopic: string;
  readonly timestampNs?: bigint;
  readonly meta?: Uint8Array;
  readonly ephemeral?: boolean;
  readonly version?: number;
}

/** A peer in the node's peer store, connected or not. */
export interface CmdWakuPeer {
  readonly id: string;
  readonly connected: boolean;
  readonly multiaddrs: readonly string[];
  /** Waku protocols only. */
  readonly protocols: readonly string[];
  readonly pubsubTopics: readonly string[];
}

export interface CmdWaku {
  readonly peerId: string;
  /** `/ip4/127.0.0.1/tcp/<port>/p2p/<peerId>` */
  readonly multiaddr: string;
  readonly pid: number;
  /** `http://127.0.0.1:<port>` */
  readonly restUrl: string;
  /** Any call of its REST API: `rest('/debug/v1/info')`. Resolves whatever the status is. */
  rest(path: string, init?: RequestInit): Promise<Response>;
  /** A topic that is already subscribed is left alone: a second subscription would split its messages. */
  subscribe(pubsubTopics: readonly string[]): Promise<void>;
  unsubscribe(pubsubTopics: readonly string[]): Promise<void>;
  /** Rejects with the node's own reason when it refuses the message. */
  publish(pubsubTopic: string, message: CmdWakuPublish): Promise<void>;
  /** Messages since the last call, own ones included, oldest first. */
  messages(pubsubTopic: string): Promise<CmdWakuMessage[]>;
  peers(): Promise<CmdWakuPeer[]>;
  /** Resolves once connected; the other side's cluster is checked after that and may end the connection. */
  connect(multiaddr: string): Promise<void>;
  /** The last lines of its output, oldest first, without its access log. */
  log(lineCount?: number): string[];
  /** SIGTERM, and SIGKILL after 5 s. Resolves when the process is gone; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a node without discovery and resolves once its REST API answers.
 * @throws {Error} with the node's last log lines when it exits or does not answer within 20 s.
 */
export async function startCmdWaku(binaryPath: string, options: CmdWakuOptions): Promise<CmdWaku> {
  for (let attempt = 1; ; attempt += 1) {
    const [freeTcpPort, restPort] = await freePorts();
    const node = await NodeProcess.spawn(binaryPath, options, options.tcpPort ?? freeTcpPort, restPort);
    try {
      await node.waitUntilReady();
      await node.subscribe(options.shards.map((shard) => `/waku/2/rs/${options.clusterId}/${shard}`));
      return node;
    } catch (error) {
      await node.stop();
      // Somebody may have taken a port between our look and the node's bind.
      const isPortTaken = error instanceof PortTakenError;
      if (!isPortTaken || attempt === START_ATTEMPTS) throw error;
    }
  }
}

class PortTakenError extends Error {}

export type WatchdogMessage = { watch: { pid: number; workDir: string } } | { forget: number };

let watchdog: Writable | undefined;

/** One small process per test process, so that a crashed or killed one leaves no node behind. */
function tellWatchdog(message: WatchdogMessage): void {
  watchdog ??= startWatchdog();
  watchdog.write(`${JSON.stringify(message)}\n`);
}

function startWatchdog(): Writable {
  const script = join(import.meta.dirname, 'watchdog.mjs');
  // Detached: it must outlive a Ctrl-C, which goes to the whole process group.
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
  });
  child.unref();
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child.stdin;
}

class NodeProcess implements CmdWaku {
  peerId = '';
  multiaddr = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #workDir: string;
  readonly #tcpPort: number;
  readonly restUrl: string;
  readonly #shards: readonly number[];
  readonly #subscribed = new Set<string>();
  readonly #lines: string[] = [];
  #hasExited = false;
  #stopping: Promise<void> | undefined;

  static async spawn(
    binaryPath: string,
    options: CmdWakuOptions,
    tcpPort: number,
    restPort: number,
  ): Promise<NodeProcess> {
    // Its own directory: the node would read ./nodekey and, with --store, write ./store.db.
    const workDir = await mkdtemp(join(tmpdir(), 'cmd-waku-'));
    const child = spawn(binaryPath, nodeArgs(options, tcpPort, restPort), {
      cwd: workDir,
      env: environmentWithoutNodeSettings(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new NodeProcess(child, workDir, tcpPort, restPort, options.shards);
  }

  constructor(
    child: ChildProcess,
    workDir: string,
    tcpPort: number,
    restPort: number,
    shards: readonly number[],
  ) {
    this.#child = child;
    this.#workDir = workDir;
    this.#tcpPort = tcpPort;
    this.restUrl = `http://127.0.0.1:${restPort}`;
    this.#shards = shards;
    this.#exited = new Promise((resolve) => {
      const onExit = (error?: unknown) => {
        if (error instanceof Error) this.#keepLine(error.message);
        this.#hasExited = true;
        resolve();
      };
      child.once('error', onExit);
      child.once('close', onExit);
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#keepLine(line);
      });
    }
    if (child.pid !== undefined) tellWatchdog({ watch: { pid: child.pid, workDir } });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async waitUntilReady(): Promise<void> {
    const deadlineMs = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadlineMs && !this.#hasExited) {
      const signal = AbortSignal.timeout(1_000);
      const response = await this.rest('/debug/v1/info', { signal }).catch(() => undefined);
      if (response?.ok === true) {
        this.#readAddress((await response.json()) as { listenAddresses?: string[] });
        return;
      }
      await delay(POLL_INTERVAL_MS);
    }
    const output = this.#lines.filter((line) => !USAGE_LINE.test(line)).join('\n');
    const reason = this.#hasExited ? 'ended' : `did not answer within ${START_TIMEOUT_MS / 1_000} s`;
    const isPortTaken = /address already in use|Only one usage of each socket/.test(output);
    throw new (isPortTaken ? PortTakenError : Error)(`cmd/waku ${reason} at start:\n${output}`);
  }

  #readAddress(info: { listenAddresses?: string[] }): void {
    const start = `/ip4/127.0.0.1/tcp/${this.#tcpPort}/p2p/`;
    const address = info.listenAddresses?.find((candidate) => candidate.startsWith(start));
    // Another process answers on our REST port; the node itself does not report that it could not bind it.
    if (address === undefined) throw new PortTakenError(`cmd/waku has no ${start} address.`);
    this.multiaddr = address;
    this.peerId = address.slice(start.length);
  }

  async rest(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.restUrl + path, init);
  }

  async subscribe(pubsubTopics: readonly string[]): Promise<void> {
    const added = [...new Set(pubsubTopics)].filter((topic) => !this.#subscribed.has(topic));
    if (added.length === 0) return;
    for (const topic of added) this.#subscribed.add(topic);
    try {
      await this.#call('POST', '/relay/v1/subscriptions', JSON.stringify(added));
    } catch (error) {
      for (const topic of added) this.#subscribed.delete(topic);
      throw error;
    }
  }

  async unsubscribe(pubsubTopics: readonly string[]): Promise<void> {
    for (const topic of pubsubTopics) this.#subscribed.delete(topic);
    await this.#call('DELETE', '/relay/v1/subscriptions', JSON.stringify(pubsubTopics));
  }

  async publish(pubsubTopic: string, message: CmdWakuPublish): Promise<void> {
    const { timestampNs, payload, meta, ...rest } = message;
    const fields = JSON.stringify({
      ...rest,
      payload: Buffer.from(payload).toString('base64'),
      ...(meta === undefined ? {} : { meta: Buffer.from(meta).toString('base64') }),
    });
    const body = `${fields.slice(0, -1)},"timestamp":${timestampNs}}`;
    await this.#call('POST', `/relay/v1/messages/${encodeURIComponent(pubsubTopic)}`, body);
  }

  async messages(pubsubTopic: string): Promise<CmdWakuMessage[]> {
    return parseMessages(await this.#call('GET', `/relay/v1/messages/${encodeURIComponent(pubsubTopic)}`));
  }

  async peers(): Promise<CmdWakuPeer[]> {
    const peers = JSON.parse(await this.#call('GET', '/admin/v1/peers')) as RestPeer[];
    return peers.map((peer) => ({
      id: peer.id,
      connected: peer.connected,
      multiaddrs: peer.multiaddrs ?? [],
      protocols: peer.protocols ?? [],
      pubsubTopics: peer.pubsubTopics ?? [],
    }));
  }

  async connect(multiaddr: string): Promise<void> {
    const protocols = ['/vac/waku/relay/2.0.0'];
    await this.#call(
      'POST',
      '/admin/v1/peers',
      JSON.stringify({ multiaddr, shards: this.#shards, protocols }),
    );
  }

  log(lineCount = 50): string[] {
    return this.#lines.slice(-lineCount);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #end(): Promise<void> {
    this.#child.kill('SIGTERM');
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(forced);
    if (this.#child.pid !== undefined) tellWatchdog({ forget: this.#child.pid });
    await rm(this.#workDir, { recursive: true, force: true });
  }

  /** The body of a 2xx answer. cmd/waku answers most faults with an empty 500 and gives the reason in its log. */
  async #call(method: string, path: string, body?: string): Promise<string> {
    const response = await this.rest(path, body === undefined ? { method } : { method, body });
    const text = await response.text();
    if (response.ok) return text;
    await delay(POLL_INTERVAL_MS);
    const lastError = this.#lines.filter((line) => line.includes('\tERROR\t')).at(-1);
    const reason = text === '' ? (lastError ?? 'no reason given') : text;
    throw new Error(`cmd/waku answered ${response.status} to ${method} ${path}: ${reason}`);
  }

  #keepLine(line: string): void {
    if (ACCESS_LOG_LINE.test(line)) return;
    this.#lines.push(line);
    if (this.#lines.length > LOG_LINES_KEPT) this.#lines.shift();
  }
}

interface RestPeer {
  id: string;
  connected: boolean;
  multiaddrs: string[] | null;
  protocols: string[] | null;
  pubsubTopics: string[] | null;
}

interface RestMessage {
  payload: string;
  contentTopic: string;
  timestamp?: string;
  meta?: string;
  ephemeral: boolean | null;
  version?: number;
}

function nodeArgs(options: CmdWakuOptions, tcpPort: number, restPort: number): string[] {
  return [
    `--tcp-port=${tcpPort}`,
    '--address=127.0.0.1',
    // Also keeps it from looking for a NAT gateway, which --nat=none does not.
    `--ext-multiaddr=/ip4/127.0.0.1/tcp/${tcpPort}`,
    '--nat=none',
    `--nodekey=${options.nodeKey ?? randomBytes(32).toString('hex')}`,
    `--cluster-id=${options.clusterId}`,
    ...options.shards.map((shard) => `--pubsub-topic=/waku/2/rs/${options.clusterId}/${shard}`),
    ...(options.staticNodes ?? []).map((multiaddr) => `--staticnode=${multiaddr}`),
    `--max-msg-size=${options.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE_BYTES}B`,
    '--min-relay-peers-to-publish=0',
    '--ip-colocation-limit=0',
    '--circuit-relay=false',
    '--discv5-discovery=false',
    '--dns-discovery=false',
    '--peer-exchange=false',
    '--relay-peer-exchange=false',
    '--rendezvous=false',
    '--rest',
    '--rest-admin',
    '--rest-address=127.0.0.1',
    `--rest-port=${restPort}`,
    // Once a topic's cache is full the node's whole message delivery waits until somebody drains it.
    '--rest-relay-cache-capacity=100000',
    '--log-encoding=nocolor',
    ...(options.services ?? []).map((service) => `--${service}`),
    ...(options.extraArgs ?? []),
  ];
}

/** Every flag can also come from the environment, and would then change what the tests start. */
function environmentWithoutNodeSettings(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(WAKUNODE2_|GOWAKU-|GOLOG_)/.test(name));
  return Object.fromEntries(entries);
}

function parseMessages(json: string): CmdWakuMessage[] {
  // Inside a string value the quotes would be escaped: this only meets the key. Nanoseconds exceed 2^53.
  const exact = json.replace(/"timestamp":(-?\d+)/g, '"timestamp":"$1"');
  const messages = JSON.parse(exact) as RestMessage[] | null;
  return (messages ?? []).map((message) => ({
    payload: new Uint8Array(Buffer.from(message.payload, 'base64')),
    contentTopic: message.contentTopic,
    ...(message.timestamp === undefined ? {} : { timestampNs: BigInt(message.timestamp) }),
    ...(message.meta === undefined ? {} : { meta: new Uint8Array(Buffer.from(message.meta, 'base64')) }),
    ...(message.ephemeral === null ? {} : { ephemeral: message.ephemeral }),
    ...(message.version === undefined ? {} : { version: message.version }),
  }));
}

/** Two different ones: both are held before either is given back. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const ports = servers.map(async (server) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  });
  const [first, second] = await Promise.all(ports);
  for (const server of servers) server.close();
  if (first === undefined || second === undefined) throw new Error('No free port on 127.0.0.1.');
  return [first, second];
}
