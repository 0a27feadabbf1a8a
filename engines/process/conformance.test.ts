import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { conformance } from '../conformance/conformance.ts';
import { ProcessEngine } from './process-engine.ts';

// A hundred processes of the same program: it is compiled once for all of them.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'waku-desk-compile-cache');

conformance({
  name: 'js in a process',
  create: (config) => ProcessEngine.create('js', parseNodeConfig(config)),
  lanes: 2,
  dispose: (engine) => engine.stop(),
});
