/** Where the engine of the app runs. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { NodeConfig } from '../core/engine/config.ts';
import type { HostedEngine } from '../core/engine/hosting.ts';
import type { EngineHost } from '../core/engine/profiles.ts';
import { createEngine, type EnginePlace } from '../engines/process/create-engine.ts';
import { ProcessEngine } from '../engines/process/process-engine.ts';
import { launchUtility } from './engine-host/launch-utility.ts';

/** @throws WakuDeskError as {@link createEngine} */
export function createDesktopEngine(
  kind: EngineKind,
  config: NodeConfig,
  place: EnginePlace,
  host: EngineHost,
): Promise<HostedEngine> {
  if (host === 'main') return createEngine(kind, config, place);
  return ProcessEngine.create(kind, config, place, { launch: launchUtility });
}
