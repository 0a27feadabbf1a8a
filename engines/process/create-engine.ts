/** The engines of this build, by kind. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';

/** @throws WakuDeskError UNSUPPORTED for an engine that this build does not carry */
export async function createEngine(kind: EngineKind, config: NodeConfig): Promise<Engine> {
  if (kind !== 'js')
    throw new WakuDeskError('UNSUPPORTED', `This build does not carry the engine ${kind}.`, {
      operation: 'engine.load',
      hint: 'Use --engine js.',
    });
  const { JsEngine } = await import('../js/engine.ts');
  return new JsEngine(config);
}
