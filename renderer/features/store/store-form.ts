/** A query of a store as it is typed, and as it is asked. Pure. */
import type { PeerInfo } from '../../../core/engine/events.ts';
import { offers } from '../../../core/engine/services.ts';
import type { Requests } from '../../../core/operations/operations.ts';
import { parsePubsubTopic } from '../../../core/waku/topics.ts';
import { dialable } from '../../store/peer-actions.ts';
import type { StoreForm } from '../../store/state.ts';

export const PAGE_ROWS = 50;

export interface CheckedQuery {
  problems: Partial<Record<keyof StoreForm, string>>;
  /** null while there are problems. */
  request: Requests['store.query'] | null;
}

/** Addresses of connected peers that keep a store. */
export function knownStores(peers: readonly PeerInfo[]): string[] {
  return peers
    .filter((peer) => offers(peer, 'store'))
    .flatMap(({ peerId, addresses }) => dialable(peerId, addresses) ?? []);
}

/** What to begin with. */
export function suggestedForm(peers: readonly PeerInfo[], pubsubTopics: readonly string[]): StoreForm {
  const [peer = ''] = knownStores(peers);
  const [pubsubTopic = ''] = pubsubTopics;
  return { peer, pubsubTopic, contentTopics: '', from: '', to: '' };
}

export function checkQuery(form: StoreForm): CheckedQuery {
  const problems: CheckedQuery['problems'] = {};
  const peer = form.peer.trim();
  const pubsubTopic = form.pubsubTopic.trim();
  const contentTopics = form.contentTopics.split(/[\s,]+/).filter(Boolean);
  if (peer !== '' && !/^\/.+\/p2p\/[^/]+$/.test(peer))
    problems.peer = 'An address ends with /p2p/ and the peer id.';
  if (pubsubTopic !== '' && parsePubsubTopic(pubsubTopic) === null)
    problems.pubsubTopic = 'Write /waku/2/rs/<cluster>/<shard>.';
  else if (pubsubTopic === '' && contentTopics.length > 0)
    problems.pubsubTopic = 'Content topics need their pubsub topic.';
  const time = (name: 'from' | 'to'): bigint | null => {
    const ns = readInstant(form[name]);
    if (ns === undefined) problems[name] = 'Write 2026-01-31 12:00, or Unix time in ns.';
    return ns ?? null;
  };
  const fromNs = time('from');
  const toNs = time('to');
  if (fromNs !== null && toNs !== null && fromNs > toNs) problems.to = 'The range ends before it begins.';
  const isGood = peer !== '' && Object.keys(problems).length === 0;
  const request = { peer, pubsubTopic: pubsubTopic === '' ? null : pubsubTopic, contentTopics, fromNs, toNs };
  return { problems, request: isGood ? { ...request, limit: PAGE_ROWS } : null };
}

/** Local time where no zone is written. @returns null for none, undefined for what is no time */
function readInstant(text: string): bigint | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (/^\d{5,19}$/.test(trimmed)) return BigInt(trimmed);
  const ms = Date.parse(trimmed);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n;
}
