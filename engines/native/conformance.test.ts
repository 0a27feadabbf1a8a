/**
 * The contract, by libgowaku with its own adapter, and with nwaku's: the same ABI and real traffic, with libgowaku in
 * libwaku's place. With WAKU_DESK_LIBWAKU the same suite runs on that libwaku.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { bridgePath, buildBridge } from '../../native/build.mjs';
import { loadBridge } from '../../native/ffi/bridge-library.ts';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import { acrossPort, conformance, type EngineAdapter } from '../conformance/conformance.ts';
import { GO_WAKU, NWAKU, type LibraryAdapter } from './adapter.ts';
import { NativeEngine } from './engine.ts';
import { NodeLog } from './node-log.ts';
import { LIBWAKU_LIMITS } from './libwaku-limits.ts';

const nodeLog = join(mkdtempSync(join(tmpdir(), 'waku-desk-conformance-')), 'node.log');

function adapterOf(name: string, adapter: LibraryAdapter, library: string): EngineAdapter {
  return {
    name,
    create: async (config) => {
      await buildBridge();
      const bridge = await loadBridge(bridgePath());
      return new NativeEngine({
        adapter,
        bridge,
        nodeLog: NodeLog.of(bridge, nodeLog),
        library,
        libraryWords: library,
        config: parseNodeConfig(config),
      });
    },
  };
}

const IN_ORDER = 'messages arrive in the order of sending';
/** Of gossipsub in Go, behind whichever adapter. */
const limits = { [IN_ORDER]: 'gossipsub in Go validates messages side by side, so their order may change' };

const libgowaku = await locateNodeLibrary('libgowaku');
if (libgowaku.found) {
  const goWaku = { ...adapterOf('go-waku', GO_WAKU, libgowaku.path), limits };
  conformance(goWaku);
  conformance(acrossPort(goWaku));
  const inPlace = adapterOf("nwaku's adapter, with libgowaku in libwaku's place", NWAKU, libgowaku.path);
  conformance({ ...inPlace, limits });
} else
  describe('the contract on libgowaku', () => {
    it('is kept', (context) => {
      context.skip('libgowaku is not built here: it needs Go (npm run native:go-waku)');
    });
  });

const libwaku = process.env.WAKU_DESK_LIBWAKU;
if (libwaku !== undefined && libwaku !== '')
  conformance({ ...adapterOf('nwaku', NWAKU, libwaku), limits: LIBWAKU_LIMITS });
else
  describe('the contract on nwaku', () => {
    it('is kept', (context) => {
      context.skip('no libwaku: name one with WAKU_DESK_LIBWAKU to run the suite on nwaku');
    });
  });
