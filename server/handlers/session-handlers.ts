/** The snapshot: everything at one moment, and this client's stream behind it. */
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';

const ROWS = 200;
const LOG_LINES = 500;
/** What gossipsub aims at by default, and every engine here uses. */
const MESH_TARGET = 6;

export function sessionHandlers(harness: Harness) {
  return {
    'session.snapshot': async (_request, { beginStream }) => {
      const { feed, history, node, id, version, profile, host, settings, engineHost, previousEnd } = harness;
      // All of it in one turn with the beginning of the stream; only the rows may have to be read.
      const stream = beginStream();
      const { counters } = feed;
      const snapshot = {
        stream: stream.id,
        sessionId: id,
        version,
        profile,
        host,
        engine: node.engine.info,
        engineHost,
        previousEnd,
        settings,
        meshTarget: MESH_TARGET,
        node: feed.nodeNow,
        peers: [...feed.peers],
        counters,
        gaps: feed.gaps,
        log: feed.log.page(LOG_LINES),
      };
      const first = Math.max(counters.firstPosition, counters.nextPosition - ROWS);
      const positions = Array.from({ length: counters.nextPosition - first }, (_, i) => first + i);
      return { ...snapshot, rows: await history.rows(positions) };
    },
  } satisfies Partial<HarnessHandlers>;
}
