/** Where the engine of the app runs. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { NodeConfig } from '../core/engine/config.ts';
import type { HostedEngine } from '../core/engine/hosting.ts';
import { createEngine, type EnginePlace } from '../engines/process/create-engine.ts';

/** @throws WakuDeskError as {@link createEngine} */
export function createDesktopEngine(
  kind: EngineKind,
  config: NodeConfig,
  place: EnginePlace,
): Promise<HostedEngine> {
  return createEngine(kind, config, place);
}
