/** `/admin/v1/…`: peers, and the level of what is logged. */
import * as z from 'zod';
import { parsePeerId } from '../../core/engine/addresses.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { LogLevel } from '../../core/engine/events.ts';
import { parsePubsubTopic } from '../../core/waku/topics.ts';
import { json, OK, text, type Answer } from './answer.ts';
import { decodeBody, MISSING } from './body.ts';
import type { RestContext } from './context.ts';
import type { KnownPeer } from './known-peers.ts';
import { peerJson, peerSchema, shardPeersSchema, type PeerJson } from './peer-json.ts';
import { peerStatistics, statisticsSchema, WAKU_PROTOCOLS } from './peer-statistics.ts';
import { route, type Route } from './route.ts';

const CONNECT_TIMEOUT_MS = 15_000;

const addressesSchema = z.array(z.string());
const DONE = { description: 'Done: the text OK.' };
const REFUSED = { description: 'Refused; the text says why.' };
const PEERS = { description: 'The peers.', schema: z.array(peerSchema) };
const BY_SHARD = { description: 'The peers of each shard.', schema: z.array(shardPeersSchema) };
const OF_SHARD = { description: 'The peers of the shard.', schema: shardPeersSchema };

/** What of the peers of a topic is asked for. */
type Part = 'relay' | 'mesh';

export function adminRoutes(context: RestContext): Route[] {
  const { peers } = context;
  const list = (path: string, id: string, summary: string, select: () => PeerJson[]): Route =>
    route({ method: 'GET', path, id, summary, answers: { 200: PEERS }, handle: () => json(select()) });
  return [
    list('/admin/v1/peers', 'peers', 'Peers that are connected, or were.', () => peers.all().map(peerJson)),
    route({
      method: 'POST',
      path: '/admin/v1/peers',
      id: 'connectPeers',
      summary: 'Connect to these multiaddrs, each with its peer id.',
      body: addressesSchema,
      answers: { 200: DONE, 400: REFUSED },
      handle: (request) => connect(context, request.body),
    }),
    list('/admin/v1/peers/connected', 'connectedPeers', 'Peers that are connected.', () =>
      peers.connected().map(peerJson),
    ),
    list(
      '/admin/v1/peers/service',
      'servicePeers',
      "Peers with Waku's services, and these only of each.",
      () =>
        peers
          .all()
          .map(peerJson)
          .map((peer) => ({
            ...peer,
            protocols: peer.protocols.filter((name) => WAKU_PROTOCOLS.includes(name)),
          }))
          .filter(({ protocols }) => protocols.length > 0),
    ),
    route({
      method: 'GET',
      path: '/admin/v1/peers/connected/on/{shard}',
      id: 'connectedPeersOnShard',
      summary: 'Peers that are connected and on a shard, by what they told.',
      answers: { 200: PEERS, 400: REFUSED },
      handle: ({ params }) =>
        onShard(params.shard, async (shard) => {
          const relaying = new Set(await peersOnShard(context, 'relay', shard));
          const isThere = ({ info }: KnownPeer): boolean =>
            info.shards?.includes(shard) === true || relaying.has(info.peerId);
          return json(peers.connected().filter(isThere).map(peerJson));
        }),
    }),
    ...partRoutes(context, 'relay', 'relay its topics'),
    ...partRoutes(context, 'mesh', 'are in its mesh'),
    route({
      method: 'GET',
      path: '/admin/v1/peers/stats',
      id: 'peerStatistics',
      summary: 'How many peers there are, by state, shard and protocol.',
      answers: { 200: { description: 'The numbers.', schema: statisticsSchema } },
      async handle() {
        const [relay, mesh] = await Promise.all([
          peersByShard(context, 'relay'),
          peersByShard(context, 'mesh'),
        ]);
        return json(peerStatistics(peers.all(), relay, mesh));
      },
    }),
    route({
      method: 'GET',
      path: '/admin/v1/peer/{peerId}',
      id: 'peer',
      summary: 'One peer.',
      answers: { 200: { description: 'The peer.', schema: peerSchema }, 400: REFUSED, 404: REFUSED },
      handle({ params: { peerId } }) {
        if (!isPeerId(peerId)) return text(400, 'Invalid argument:peerid: incorrect PeerId string');
        const peer = peers.get(peerId);
        return peer === null ? text(404, `Peer with ID ok(${peerId}) not found`) : json(peerJson(peer));
      },
    }),
    route({
      method: 'GET',
      path: '/admin/v1/filter/subscriptions',
      id: 'filterSubscriptions',
      summary: 'Who has subscribed a filter here; this node serves none.',
      answers: { 400: REFUSED },
      handle: () => text(400, 'Error: Filter Protocol is not mounted to the node'),
    }),
    route({
      method: 'POST',
      path: '/admin/v1/log-level/{level}',
      id: 'setLogLevel',
      summary: 'Print lines of this level and above from now on.',
      answers: { 200: DONE, 400: REFUSED },
      handle: ({ params: { level } }) => setLogLevel(context, level),
    }),
  ];
}

function partRoutes(context: RestContext, part: Part, words: string): Route[] {
  const name = part === 'relay' ? 'Relay' : 'Mesh';
  const shown = async (
    groups: readonly { shard: number; peerIds: readonly string[] }[],
  ): Promise<object[]> => {
    const scores = await context.engine.scores();
    return groups.map(({ shard, peerIds }) => ({
      shard,
      peers: peerIds.flatMap((id) => {
        const peer = context.peers.get(id);
        return peer?.connected === true ? [{ ...peerJson(peer), score: scores[id] }] : [];
      }),
    }));
  };
  return [
    route({
      method: 'GET',
      path: `/admin/v1/peers/${part}`,
      id: `peersIn${name}`,
      summary: `Peers that ${words}, for each shard.`,
      answers: { 200: BY_SHARD },
      async handle() {
        return json(await shown(await peersByTopic(context, part)));
      },
    }),
    route({
      method: 'GET',
      path: `/admin/v1/peers/${part}/on/{shard}`,
      id: `peersIn${name}OnShard`,
      summary: `Peers of one shard that ${words}.`,
      answers: { 200: OF_SHARD, 400: REFUSED },
      handle: ({ params }) =>
        onShard(params.shard, async (shard) => {
          const [group] = await shown([{ shard, peerIds: await peersOnShard(context, part, shard) }]);
          return json(group);
        }),
    }),
  ];
}

async function peersByTopic(
  { session, engine }: RestContext,
  part: Part,
): Promise<{ cluster: number; shard: number; peerIds: string[] }[]> {
  const topics = session.snapshot().topics.flatMap(({ pubsubTopic, meshPeers }) => {
    const parsed = parsePubsubTopic(pubsubTopic);
    return parsed === null ? [] : [{ ...parsed, pubsubTopic, meshPeers }];
  });
  return Promise.all(
    topics.map(async ({ cluster, shard, pubsubTopic, meshPeers }) => ({
      cluster,
      shard,
      peerIds: part === 'mesh' ? meshPeers : await engine.relayPeers(pubsubTopic),
    })),
  );
}

/** Of the node's own cluster. */
async function peersOnShard(context: RestContext, part: Part, wanted: number): Promise<string[]> {
  const own = (await peersByTopic(context, part)).filter(
    ({ cluster, shard }) => cluster === context.config.clusterId && shard === wanted,
  );
  return [...new Set(own.flatMap(({ peerIds }) => peerIds))];
}

async function peersByShard(context: RestContext, part: Part): Promise<Map<number, Set<string>>> {
  const shards = new Map<number, Set<string>>();
  for (const { shard, peerIds } of await peersByTopic(context, part))
    shards.set(shard, new Set([...(shards.get(shard) ?? []), ...peerIds]));
  return shards;
}

function onShard(text_: string, work: (shard: number) => Promise<Answer>): Answer | Promise<Answer> {
  if (!/^\d+$/.test(text_)) return text(400, 'Invalid shardId: Non-decimal character encountered');
  const shard = Number(text_);
  return shard > 65_535 ? text(400, 'Invalid shardId: Integer overflow') : work(shard);
}

async function connect({ session }: RestContext, body: Parameters<typeof decodeBody>[0]): Promise<Answer> {
  const decoded = decodeBody(body, addressesSchema, MISSING);
  // wakunode2 answers with the whole of its own error.
  if (!decoded.ok)
    return text(
      400,
      `Failed to decode request: (status: 400 Bad Request, headers: , kind: Error, errobj: (status: 400 Bad Request, message: ${JSON.stringify(decoded.answer.body)}, contentType: "text/plain"))`,
    );
  for (const [i, address] of decoded.value.entries()) {
    const problem = addressProblem(address);
    if (problem !== null) return text(400, `Couldn't parse remote peer info: ${problem}`);
    try {
      await session.connect(address, { timeoutMs: CONNECT_TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof WakuDeskError)) throw error;
      return text(400, `Failed to connect to peer at index: ${i} - ${address}`);
    }
  }
  return OK;
}

function addressProblem(address: string): string | null {
  if (!address.startsWith('/'))
    return 'MultiAddress.init [multiaddress: Invalid MultiAddress, must start with `/`]';
  if (/\/p2p\/[^/]+$/.test(address)) return null;
  return `Error in parsePeerInfo: p2p part should contain / [p2pPartStr:] [peer:${address}]`;
}

function isPeerId(text_: string): boolean {
  try {
    parsePeerId(text_, 'rest.peer');
    return true;
  } catch {
    return false;
  }
}

const LOG_LEVELS: Readonly<Record<string, LogLevel>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  NOTICE: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'error',
};

function setLogLevel({ setLogLevel: set }: RestContext, level: string): Answer {
  if (level === '') return text(400, 'Invalid log-level, it can’t be empty');
  const name = level.toUpperCase();
  if (name === 'NONE')
    return text(
      400,
      'Log level NONE is lower than the lowest log level - TRACE - the binary is compiled with.',
    );
  const known = Object.hasOwn(LOG_LEVELS, name) ? LOG_LEVELS[name] : undefined;
  if (known === undefined)
    return text(
      400,
      `Invalid log-level: ${level}. Please specify one of TRACE, DEBUG, INFO, NOTICE, WARN, ERROR or FATAL`,
    );
  set(known);
  return OK;
}
