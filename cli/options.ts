/** Values of flags: read strictly, refused with a sentence. Shared by all commands. */
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { describeCause, WakuDeskError } from '../core/engine/errors.ts';
import { readSize } from '../core/filter/sizes.ts';
import { ENGINE_CHOICES, type EngineOptions } from './engine-choice.ts';

export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

export function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

export function int64(text: string): bigint {
  if (/^-?\d{1,19}$/.test(text)) {
    const value = BigInt(text);
    if (BigInt.asIntN(64, value) === value) return value;
  }
  throw new InvalidArgumentError('It must be a signed 64-bit number of nanoseconds.');
}

/** ISO 8601 (local time without a zone), or Unix ns. */
export function instant(text: string): bigint {
  if (/^-?\d{5,}$/.test(text)) return int64(text);
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return BigInt(ms) * 1_000_000n;
  throw new InvalidArgumentError('It must be a time such as 2026-01-31T12:00:00Z, or Unix time in ns.');
}

export function boolean(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new InvalidArgumentError('It must be true or false.');
}

export function bytes(text: string): number {
  const value = readSize(text);
  if (value !== null && Number.isInteger(value)) return value;
  throw new InvalidArgumentError('It must be a size such as 150KiB.');
}

/** Collects a repeatable flag; each value is read by `read`. */
export function list<T>(read: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  return (text, before = []) => [...before, read(text)];
}

/** A value that looks like a flag is most often the next flag, after one whose value is missing. */
export function text(value: string): string {
  if (!value.startsWith('--')) return value;
  throw new InvalidArgumentError('It looks like the next flag: the value is missing.');
}

const uint16 = integer(0, 65_535);

/** Flags of every command that runs a short-lived node. */
export interface ClientOptions extends EngineOptions {
  clusterId: number;
  shard: number[] | undefined;
  connect: string[];
  mdns: boolean;
  tcpPort: number;
  maxMsgSize: number;
  json: boolean;
  /** Of the commands that can be light clients. */
  light?: boolean;
}

export function addClientOptions(command: Command): Command {
  return addEngineOptions(command)
    .option('--cluster-id <n>', 'cluster of the network', uint16, 16)
    .option('--shard <n>', 'shard, repeatable (default: 32)', list(uint16))
    .option('--connect <multiaddr>', 'node to connect to, repeatable', list(text), [])
    .option('--mdns', 'find other Waku Desk nodes on the local network', false)
    .option('--tcp-port <n>', 'port to listen on, 0 for a free one', uint16, 0)
    .option('--max-msg-size <size>', 'largest whole message of the network', bytes, 150 * 1024)
    .option('--json', 'NDJSON on standard output, and nothing else there', false);
}

export function lightOption(): Option {
  return new Option(
    '--light',
    'light client: filter and lightpush through service nodes, no relay; go-waku only',
  ).default(false);
}

export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <kind>', 'node to run; auto: the first of nwaku, js, go-waku that can')
        .choices(ENGINE_CHOICES)
        .default('js'),
    )
    .option('--library <file>', 'node library of the engine nwaku or go-waku (default: see doctor)', text)
    .option('--node-log <file>', 'file for what a node library prints (default: one of its own)', text);
}

/**
 * `TEXT`, `@file`, `@@text` for a text that starts with @, or `-` for standard input.
 * @throws WakuDeskError FILE_FAILED; MESSAGE_TOO_LARGE for more than `maxBytes`
 */
export async function readPayload(argument: string, maxBytes: number): Promise<Uint8Array> {
  if (argument === '-') return readStream(process.stdin, maxBytes);
  if (argument.startsWith('@@')) return new TextEncoder().encode(argument.slice(1));
  if (!argument.startsWith('@')) return new TextEncoder().encode(argument);
  const path = argument.slice(1);
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw tooLarge(maxBytes);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof WakuDeskError) throw error;
    throw new WakuDeskError('FILE_FAILED', `Cannot read ${path}.`, {
      operation: 'cli.payload',
      hint: `Check the path (${describeCause(error)}); a payload that starts with @ is written @@.`,
      cause: error,
    });
  }
}

async function readStream(stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function tooLarge(maxBytes: number): WakuDeskError {
  return new WakuDeskError('MESSAGE_TOO_LARGE', `The payload is larger than ${maxBytes} bytes.`, {
    operation: 'cli.payload',
    hint: 'Send less, or split it; a network with a larger limit is named with --max-msg-size.',
  });
}
