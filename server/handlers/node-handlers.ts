/** What a user can do with the node, its peers and topics, and the log. */
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { HarnessHandlers } from '../harness/client-connection.ts';
import type { Harness } from '../harness/harness.ts';

/** Less than a client's own limit, so that the engine's words arrive. */
const TIMEOUT_MS = 20_000;

export function nodeHandlers(harness: Harness) {
  /** The session tells of peers and meshes by events, but not of these. */
  const touch = <T>(value: T): T => {
    harness.feed.touch();
    return value;
  };
  return {
    'peers.connect': async ({ address }, { signal }) => ({
      peerId: await harness.node.connect(address, { signal, timeoutMs: TIMEOUT_MS }),
    }),
    'peers.disconnect': async ({ peerId }) => {
      await harness.node.disconnect(peerId);
      return null;
    },
    'peers.ping': async ({ peerId }, { signal }) =>
      touch({ latencyMs: await harness.node.session.ping(peerId, { signal, timeoutMs: TIMEOUT_MS }) }),

    'topics.subscribe': async ({ pubsubTopic }) => {
      await harness.node.session.subscribe(pubsubTopic);
      return touch(null);
    },
    'topics.unsubscribe': async ({ pubsubTopic }) => {
      await harness.node.session.unsubscribe(pubsubTopic);
      return touch(null);
    },

    'node.start': () => harness.start(),
    'node.stop': async () => {
      await harness.node.stop();
      return null;
    },
    'node.restart': () => harness.restart(),
    'node.settings': () => harness.settings,
    'node.changeSettings': ({ change, ...wanted }) => harness.changeSettings(change, wanted),
    'node.crashReport': ({ id }) => {
      const report = harness.crashes.get(id);
      if (report !== undefined) return report;
      throw new WakuDeskError('BAD_USE', 'There is no crash report of this name any more.', {
        operation: 'node.crashReport',
        hint: 'Look into the folder of crash reports.',
      });
    },
    'node.metrics': async () => ({ text: await harness.node.engine.metrics() }),

    'demo.start': async () => {
      await harness.demo.start();
      return null;
    },
    'demo.stop': async () => {
      await harness.demo.stop();
      return null;
    },

    'log.page': ({ count, beforeId }) => ({ lines: harness.feed.log.page(count, beforeId) }),
  } satisfies Partial<HarnessHandlers>;
}
