/** What a user asks service nodes for. */
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';

/** Less than a client's own limit, so that the engine's words arrive. */
const TIMEOUT_MS = 20_000;

export function serviceHandlers(harness: Harness) {
  return {
    'filter.subscribe': async (request, { signal }) => {
      await harness.node.session.filterSubscribe(request, { signal, timeoutMs: TIMEOUT_MS });
      harness.feed.touch();
      return null;
    },
    'filter.unsubscribe': async (request, { signal }) => {
      await harness.node.session.filterUnsubscribe(request, { signal, timeoutMs: TIMEOUT_MS });
      harness.feed.touch();
      return null;
    },
    'store.query': (query, { signal }) =>
      harness.node.session.storeQuery(query, { signal, timeoutMs: TIMEOUT_MS }),
  } satisfies Partial<HarnessHandlers>;
}
