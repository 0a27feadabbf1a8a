/** The engines of this build, by kind. */
import * as z from 'zod';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { checkFits } from '../../core/engine/engine-capabilities.ts';
import type { RelayLineListener } from '../../core/engine/relay-line.ts';
import { hearRelayLines } from '../native/node-log.ts';
import { newNodeLog } from './node-log.ts';
import { RelayLog } from './relay-log.ts';

/** Where this process's own output goes since a node library was loaded; null while it is where it was. */
export { giveOutputBack, movedOutput, nodeLogFile } from '../native/node-log.ts';

/** What an engine needs of the machine that it runs on; the embedded one needs nothing. */
export const enginePlaceSchema = z.object({
  /** File of the node library, where the user named one; otherwise it is looked for in the usual places. */
  library: z.string().exactOptional(),
  /** File that gets what a node library prints: descriptors 1 and 2 of its process. By default one of its own. */
  nodeLog: z.string().exactOptional(),
  /** File that gets the embedded engine's lines of received and sent messages; without it nobody does. */
  relayLog: z.string().exactOptional(),
});
export type EnginePlace = z.output<typeof enginePlaceSchema>;

/**
 * An engine in this process, not started.
 * @param onRelayLine hears the lines of core/engine/relay-line.ts, as text, until the process ends
 * @throws WakuDeskError LIBRARY_MISSING, LIBRARY_REFUSED, ENGINE_FAILED, FILE_FAILED; and as {@link checkFits}
 */
export async function createEngine(
  kind: EngineKind,
  config: NodeConfig,
  place: EnginePlace = {},
  onRelayLine: RelayLineListener | null = null,
): Promise<Engine> {
  checkFits(kind, config);
  // Loaded here and not above: each brings much that the others do not need.
  if (kind === 'js') {
    const listener = onRelayLine ?? (place.relayLog === undefined ? null : linesInto(place.relayLog));
    return new (await import('../js/engine.ts')).JsEngine(config, listener);
  }
  const { createNativeEngine } = await import('../native/create.ts');
  const engine = await createNativeEngine(kind, config, {
    ...place,
    nodeLog: place.nodeLog ?? (await newNodeLog(kind)),
  });
  if (onRelayLine !== null) hearRelayLines(onRelayLine);
  return engine;
}

function linesInto(path: string): RelayLineListener {
  const log = new RelayLog(path, {
    onBroken: (why) => process.stderr.write(`${path} gets no more lines of messages: ${why}\n`),
  });
  return (line) => {
    log.take(line);
  };
}
