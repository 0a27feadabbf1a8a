/** What the embedded engine is. */
import type { EngineInfo } from '../../core/engine/engine.ts';
import { ENGINE_CAPABILITIES } from '../../core/engine/engine-capabilities.ts';
import manifest from '../../package.json' with { type: 'json' };

const { libp2p, '@libp2p/gossipsub': gossipsub } = manifest.devDependencies;

export const JS_ENGINE_INFO: EngineInfo = {
  kind: 'js',
  version: `libp2p ${libp2p}, gossipsub ${gossipsub}`,
  capabilities: ENGINE_CAPABILITIES.js,
};
