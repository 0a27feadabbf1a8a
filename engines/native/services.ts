/** What a node has others do for it: filter and store. Lightpush is a way of publishing. */
import { dialTarget } from '../../core/engine/addresses.ts';
import type { TimedCallOptions } from '../../core/engine/engine.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import { failure } from '../../core/engine/failure.ts';
import type { StorePage, StoreQuery } from '../../core/engine/store-query.ts';
import type { Argument } from '../../native/ffi/arguments.ts';
import { LibraryError } from './library-node.ts';
import type { RunningNode } from './running-node.ts';
import { parseStoreAnswer, storeQueryJson } from './store.ts';

const SERVICE_MS = 20_000;
/** The library's limit comes after ours, which has the words for it. */
const GRACE_MS = 1_000;

export async function filterSubscribe(
  running: RunningNode,
  pubsubTopic: string,
  contentTopics: readonly string[],
  options: TimedCallOptions,
): Promise<void> {
  const args = [pubsubTopic, contentTopics.join(',')];
  await callService(running, 'filterSubscribe', 'waku_filter_subscribe', args, options);
  const { filtered } = running;
  filtered.set(pubsubTopic, new Set([...(filtered.get(pubsubTopic) ?? []), ...contentTopics]));
}

export async function filterUnsubscribe(
  running: RunningNode,
  pubsubTopic: string,
  contentTopics: readonly string[],
  options: TimedCallOptions,
): Promise<void> {
  const wanted = running.filtered.get(pubsubTopic);
  const gone = contentTopics.filter((topic) => wanted?.delete(topic) === true);
  if (wanted?.size === 0) running.filtered.delete(pubsubTopic);
  if (gone.length === 0) return;
  const args = [pubsubTopic, gone.join(',')];
  await callService(running, 'filterUnsubscribe', 'waku_filter_unsubscribe', args, options);
}

/** @param requestId for the store node's log */
export async function storeQuery(
  running: RunningNode,
  query: StoreQuery,
  requestId: string,
  options: TimedCallOptions,
): Promise<StorePage> {
  dialTarget(query.peer, 'engine.storeQuery');
  const { timeoutMs = SERVICE_MS } = options;
  const args = [storeQueryJson(query, requestId), query.peer, timeoutMs + GRACE_MS];
  return parseStoreAnswer(await callService(running, 'storeQuery', 'waku_store_query', args, options));
}

/** @throws WakuDeskError NO_SERVICE_PEER, CONNECT_FAILED, SERVICE_REFUSED, TIMED_OUT, CANCELLED */
export async function callService(
  { node }: RunningNode,
  verb: string,
  name: string,
  args: readonly Argument[],
  options: TimedCallOptions,
): Promise<string> {
  try {
    return await node.call(name, args, { timeoutMs: SERVICE_MS, ...options });
  } catch (error) {
    throw error instanceof LibraryError ? serviceFailure(verb, error) : error;
  }
}

function serviceFailure(verb: string, error: LibraryError): WakuDeskError {
  const { message } = error;
  if (/no (?:suitable|available|peers?)|not (?:find|found) .*peer|NoPeers/i.test(message))
    return failure(
      verb,
      'NO_SERVICE_PEER',
      'No connected peer offers this service.',
      'Connect to a service node: its list of protocols has filter, lightpush or store.',
      error,
    );
  if (/dial|connection refused|timed? ?out|deadline/i.test(message))
    return failure(
      verb,
      'CONNECT_FAILED',
      'The service node cannot be reached.',
      'Check its address, and that it is up.',
      error,
    );
  return failure(
    verb,
    'SERVICE_REFUSED',
    `The service node refused: ${message}`,
    'Try again more slowly (services take one request a second by default), or another node.',
    error,
  );
}
