/** Why a peer could not be reached, in words for people: from those of a node library, or of the system. */
import { createConnection } from 'node:net';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import { failure } from '../../core/engine/failure.ts';

export function dialFailure(address: string, cause: string): WakuDeskError {
  const other = /different clusterId reported.*/i.exec(cause)?.[0];
  if (other !== undefined) return wrongCluster(address, other, null);
  return failure('connect', 'CONNECT_FAILED', `Cannot connect to ${address}.`, hintFor(cause), cause);
}

/** @param reason nwaku's words: `different clusterId reported: <own> vs <theirs>` */
export function wrongCluster(peer: string, reason: string, ownCluster: number | null): WakuDeskError {
  const numbers = /(\d+) vs (\d+)/.exec(reason);
  const theirs = [numbers?.[1], numbers?.[2]].find((text) => text !== String(ownCluster));
  return failure(
    'connect',
    'WRONG_CLUSTER',
    theirs === undefined
      ? `The peer ${peer} is of another cluster.`
      : `The peer ${peer} is on cluster ${theirs}, this node on cluster ${ownCluster ?? 'another one'}.`,
    'Start this node with the other cluster id, or connect to a node of this one.',
    reason,
  );
}

function hintFor(cause: string): string {
  if (/ECONNREFUSED|connection refused/i.test(cause))
    return 'Nobody listens there: check the port, and that the node is up.';
  if (/dial(?:ed|ing)? (?:to )?self/i.test(cause))
    return 'That is this node itself: give the address of another one.';
  if (/peer id mismatch|does not match|expected peer/i.test(cause))
    return 'Another node listens there now: take its current address, with its own peer id.';
  if (/reset|hung up|EOF|closed/i.test(cause))
    return 'The node hung up: it may be full (go-waku takes 5 connections from one IP address), of another network, or not speak Noise.';
  return 'Check the address, and that the node is up and reachable from here.';
}

/** Whether anybody listens there. @returns the system's words when nobody does */
export function probe(address: string): Promise<string | null> {
  const [, host, port] = /^\/(?:ip4|ip6|dns4?|dns6)\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  if (host === undefined || port === undefined) return Promise.resolve(null);
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port) });
    const end = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => {
      end(null);
    });
    socket.once('error', (error) => {
      end(error.message);
    });
  });
}
