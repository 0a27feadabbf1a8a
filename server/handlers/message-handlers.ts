/** What a user can do with messages. */
import { parseFilterOrThrow } from '../../core/filter/filter.ts';
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';
import { publishMany } from './publish-many.ts';

export function messageHandlers(harness: Harness) {
  return {
    'messages.page': async ({ positions }) => ({ rows: await harness.history.rows(positions) }),
    'messages.details': ({ position }) => harness.history.details(position),
    'messages.read': ({ positions }) => harness.history.read(positions),
    'messages.search': (request, { signal, progress }) => {
      parseFilterOrThrow(request.filter, request.nowMs);
      return harness.history.search(request, signal, progress);
    },
    'messages.watch': ({ filter, nowMs }, { watch }) => {
      watch(filter, nowMs);
      return { fromPosition: harness.history.next };
    },
    'messages.publish': (draft, { signal }) => harness.node.session.publish(draft, { signal }),
    'messages.publishMany': (request, { signal, progress }) =>
      publishMany(harness.node.session, request, signal, progress),
  } satisfies Partial<HarnessHandlers>;
}
