import { parseNodeConfig } from '../../core/engine/config.ts';
import { acrossPort, conformance, type EngineAdapter } from '../conformance/conformance.ts';
import { JsEngine } from './engine.ts';

const adapter: EngineAdapter = {
  name: 'js',
  create: (config) => new JsEngine(parseNodeConfig(config)),
};

conformance(adapter);
conformance(acrossPort(adapter));
