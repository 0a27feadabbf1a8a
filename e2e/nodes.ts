/** Nodes and messages as the tests need them. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ReadyLine } from './cli-lines.ts';
import { CliProcess, runCli, startCli, type CliOptions, type Exit } from './cli-process.ts';

/** The default shard of the program. */
export const TOPIC = '/waku/2/rs/16/32';
export const CONTENT_TOPIC = '/waku-desk/1/e2e/proto';

export interface RunningNode {
  cli: CliProcess;
  ready: ReadyLine;
  /** The multiaddr that it listens on. */
  address: string;
  peerId: string;
}

/** Runs `waku-desk node --json` for the running test; resolves when it is ready. */
export function startNode(args: readonly string[] = [], options: CliOptions = {}): Promise<RunningNode> {
  return whenReady(startCli(['node', '--json', ...args], options));
}

/** As {@link startNode}, for a whole file: `beforeAll(async () => { … return () => node.cli.end(); })`. */
export function startSharedNode(args: readonly string[] = []): Promise<RunningNode> {
  return whenReady(new CliProcess(['node', '--json', ...args]));
}

async function whenReady(cli: CliProcess): Promise<RunningNode> {
  const ready = await cli.waitFor('ready').catch(async (error: unknown) => {
    await cli.end();
    throw error;
  });
  return { cli, ready, address: ready.listenAddresses[0] ?? '', peerId: ready.peerId };
}

export interface PublishInput {
  payload?: string;
  contentTopic?: string;
  input?: string | Uint8Array;
  /** More flags. */
  flags?: readonly string[];
}

/** The flags of `publish --json` to one node. */
export function publishArgs(address: string, { payload, contentTopic, flags }: PublishInput = {}): string[] {
  return [
    'publish',
    `--connect=${address}`,
    `--content-topic=${contentTopic ?? CONTENT_TOPIC}`,
    `--payload=${payload ?? 'hello'}`,
    '--json',
    ...(flags ?? []),
  ];
}

/** Runs `publish` to its end, whatever that is. */
export function publish(
  address: string,
  publishing: PublishInput = {},
): Promise<CliProcess & { exit: Exit }> {
  const { input } = publishing;
  return runCli(publishArgs(address, publishing), input === undefined ? {} : { input });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A new folder that goes with the running test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** `fn` for every item, a few at a time. */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
