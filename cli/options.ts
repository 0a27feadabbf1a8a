/** What short-lived commands take: their flags, and the payload. */
import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { describeCause, WakuDeskError } from '../core/engine/errors.ts';
import { addEngineOptions, type EngineOptions } from '../flags/engine-flags.ts';
import { bytes, integer, list, text } from '../flags/values.ts';

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
