/** What the tests of this room share. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { messageHashText } from '../waku/hash.ts';
import { createMessage, type WakuMessage } from '../waku/message.ts';
import type { NewMessage } from './records.ts';

export const START_NS = 1_700_000_000_000_000_000n;

/** Message number `i`, with a right hash. */
export function messageOf(
  i: number,
  fields: Partial<WakuMessage> = {},
  more: Partial<Omit<NewMessage, 'message' | 'hash'>> = {},
): NewMessage {
  const message = createMessage({
    payload: new Uint8Array(Buffer.from(`payload ${String(i)}`)),
    contentTopic: `/capture/1/room-${String(i % 3)}/proto`,
    timestampNs: START_NS + BigInt(i),
    ...fields,
  });
  const pubsubTopic = more.pubsubTopic ?? '/waku/2/rs/16/32';
  return {
    dir: 'in',
    receivedNs: START_NS + BigInt(i) * 1_000_000n,
    fromPeer: '16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bUZ',
    ...more,
    pubsubTopic,
    message,
    hash: messageHashText(pubsubTopic, message),
  };
}

/** Messages `from` to `to`, both included. */
export function messagesOf(from: number, to: number, fields: Partial<WakuMessage> = {}): NewMessage[] {
  return Array.from({ length: to - from + 1 }, (_, i) => messageOf(from + i, fields));
}

/** A folder that goes when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waku-capture-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export function segmentsIn(dir: string): string[] {
  return filesIn(dir, '.ndjson');
}

export function indexesIn(dir: string): string[] {
  return filesIn(dir, '.index');
}

function filesIn(dir: string, end: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(dir, name));
}

/** Starts test-writer.ts in a process of its own; it is killed when the test ends. */
export function startWriter(...args: string[]): ChildProcess {
  const script = fileURLToPath(new URL('./test-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}
