/** What can go wrong on the way to a peer, and the round trip to one. */
import type { Connection } from '@libp2p/interface';
import { byteStream } from '@libp2p/utils';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import type { NodeIdentity } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { describeDeep } from './node.ts';

const PING_PROTOCOL = '/ipfs/ping/1.0.0';
const PING_BYTES = 32;

export function dialFailure(target: Multiaddr, error: unknown): WakuDeskError {
  const cause = describeDeep(error);
  return new WakuDeskError('CONNECT_FAILED', `Cannot connect to ${target.toString()}.`, {
    operation: 'engine.connect',
    hint: hintFor(cause),
    cause,
  });
}

function hintFor(cause: string): string {
  if (cause.includes('ECONNREFUSED')) return 'Nobody listens there: check the port, and that the node is up.';
  if (/dial self/i.test(cause)) return 'That is this node itself: give the address of another one.';
  if (/does not match|expected peer/i.test(cause))
    return 'Another node listens there now: take its current address, with its own peer id.';
  if (/encrypt|hung up|ECONNRESET|closed/i.test(cause))
    return 'The node hung up: it may be full (go-waku takes 5 connections from one IP address) or not speak Noise.';
  return 'Check the address, and that the node is up and reachable from here.';
}

/** The port that a node got, of plain TCP or of WebSockets. */
export function portOf({ listenAddresses }: NodeIdentity, over: 'tcp' | 'ws'): number | null {
  for (const address of listenAddresses) {
    const parts = multiaddr(address).getComponents();
    const port = parts.find(({ name }) => name === 'tcp')?.value;
    const isWebSocket = parts.some(({ name }) => name === 'ws');
    if (port !== undefined && isWebSocket === (over === 'ws')) return Number(port);
  }
  return null;
}

/** One echo of the ping protocol, without the time that opening the stream takes. @returns ms */
export async function roundTrip(connection: Connection, signal: AbortSignal): Promise<number> {
  const stream = await connection.newStream(PING_PROTOCOL, { signal });
  try {
    const echo = byteStream(stream);
    const sent = crypto.getRandomValues(new Uint8Array(PING_BYTES));
    const startMs = performance.now();
    await echo.write(sent, { signal });
    const heard = await echo.read({ bytes: PING_BYTES, signal });
    const latencyMs = performance.now() - startMs;
    if (Buffer.compare(sent, heard.subarray()) !== 0) throw new Error('the echo differs');
    await stream.close({ signal });
    return latencyMs;
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}
