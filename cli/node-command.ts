/** `waku-desk node`: a relay node in this process, until it is told to stop. */
import { checkFits } from '../core/engine/engine-capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import type { LogLevel } from '../core/engine/events.ts';
import { Session } from '../core/session/session.ts';
import type { SessionEvent } from '../core/session/types.ts';
import { nodeConfig } from '../flags/node-config.ts';
import type { NodeOptions } from '../flags/node-flags.ts';
import { openCapture } from './capture.ts';
import { withDiscovery, type DiscoveryFlags } from './discovery-flags.ts';
import { chooseEngine, engineHere } from './engine-choice.ts';
import { aborted } from './interrupt.ts';
import { printBatch, type NodeLinesOptions } from './node-lines.ts';
import { startServers } from './node-servers.ts';
import type { Output } from './output.ts';
import { relayLinesOf, type RelayLineFlags } from './relay-lines.ts';
import type { RestFlags } from './rest-flags.ts';

export interface NodeCommandOptions
  extends NodeOptions, RestFlags, DiscoveryFlags, Omit<RelayLineFlags, 'nodeLog'> {
  quiet: boolean;
}

/** @throws WakuDeskError of the start, of the capture, or ENGINE_FAILED when the node breaks */
export async function runNode(
  options: NodeCommandOptions,
  unhonoured: readonly string[],
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const asked = nodeConfig(options);
  const chosen = await chooseEngine(options, output, signal, (engine) => {
    checkFits(engine, asked);
  });
  const { kind } = chosen;
  const { config, ...discovery } = withDiscovery(asked, options, kind);
  const notHonoured = [...unhonoured, ...discovery.unhonoured];
  if (notHonoured.length > 0)
    output.note(`warning: the ${kind} engine does not honour ${notHonoured.join(', ')}`);
  const relayLines = relayLinesOf(options, kind, output);
  const capture = await openCapture(options);
  try {
    const engine = await engineHere(chosen, config, output, relayLines?.take ?? null);
    const session = new Session({ engine, config, capture });
    const lines: NodeLinesOptions = { quiet: options.quiet, logLevel: options.logLevel };
    const setLogLevel = (level: LogLevel): void => {
      lines.logLevel = level;
    };
    const servers = await startServers({ session, engine, config, setLogLevel }, options);
    const ended = new Promise<void>((resolve, reject) => {
      void aborted(signal).then(resolve);
      session.attach(({ events }) => {
        const failure = events.find(isFailure);
        if (failure !== undefined && failure.error !== null) reject(WakuDeskError.fromData(failure.error));
      });
    });
    // A failure before the node is up is the start's to report.
    ended.catch(() => undefined);
    try {
      const { version, ...who } = await session.start();
      // The first line is that the node is ready; what happened before is in the snapshot.
      const { snapshot } = session.attach(async (batch) => {
        printBatch(batch, lines, output);
        await output.drained();
      });
      const pubsubTopics = snapshot.topics.map((topic) => topic.pubsubTopic);
      output.result(
        'ready',
        {
          engine: kind,
          engineVersion: version,
          ...who,
          restPort: servers.restPort,
          metricsPort: servers.metricsPort,
          clusterId: config.clusterId,
          pubsubTopics,
          light: config.light,
          capture: options.capture ?? null,
          pid: process.pid,
        },
        [
          `Node ${who.peerId} (${kind}: ${version})`,
          ...who.listenAddresses.map((address) => `  listens on ${address}`),
          ...pubsubTopics.map((topic) => `  ${config.light ? 'filters   ' : 'relays    '} ${topic}`),
          ...(servers.restPort === null ? [] : [`  REST API   on port ${servers.restPort}`]),
          ...(servers.metricsPort === null ? [] : [`  metrics    on port ${servers.metricsPort}`]),
          ...(options.capture === undefined ? [] : [`  captures   ${options.capture}`]),
        ].join('\n'),
      );
      await ended;
    } finally {
      await session.stop();
      await servers.close();
    }
    const { received, published, duplicates, notCaptured, dropped, refused } = session.snapshot().statistics;
    output.result(
      'stopped',
      { received, published, duplicates, notCaptured, dropped, refused },
      `Stopped: ${received} received, ${published} published, ${dropped} dropped, ${notCaptured} not captured.`,
    );
  } finally {
    await capture?.close();
    await relayLines?.close();
  }
}

function isFailure(event: SessionEvent): event is Extract<SessionEvent, { type: 'stateChanged' }> {
  return event.type === 'stateChanged' && event.state === 'failed';
}
