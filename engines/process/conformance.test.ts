import { parseNodeConfig } from '../../core/engine/config.ts';
import { conformance } from '../conformance/conformance.ts';
import { ProcessEngine } from './process-engine.ts';

conformance({
  name: 'js in a process',
  create: (config) => ProcessEngine.create('js', parseNodeConfig(config)),
  dispose: (engine) => engine.stop(),
});
