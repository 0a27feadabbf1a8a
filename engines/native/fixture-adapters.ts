/** For tests: engines over the node libraries of this machine, and why one is not there. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { bridgePath, buildBridge } from '../../native/build.mjs';
import { loadBridge } from '../../native/ffi/bridge-library.ts';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import type { EngineAdapter } from '../conformance/conformance.ts';
import { GO_WAKU, NWAKU, type LibraryAdapter } from './adapter.ts';
import { NativeEngine } from './engine.ts';
import { NodeLog } from './node-log.ts';

export interface MaybeAdapter {
  name: string;
  /** Null where the library is not on this machine. */
  adapter: EngineAdapter | null;
  /** Why it is not, for the report. */
  missing: string;
}

const NO_LIBGOWAKU = 'libgowaku is not built here: it needs Go (npm run native:go-waku)';
const NO_LIBWAKU = 'no libwaku: name one with WAKU_DESK_LIBWAKU to run this on nwaku';

/** Of gossipsub in Go, behind whichever adapter. */
export const GO_LIMITS = {
  'messages arrive in the order of sending':
    'gossipsub in Go validates messages side by side, so their order may change',
};

let folder: string | null = null;

/** What is printed by all nodes of this process. */
function nodeLog(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'waku-desk-native-'));
  return join(folder, 'node.log');
}

/** go-waku; nwaku's adapter with libgowaku in libwaku's place (same ABI, real traffic); nwaku itself. */
export async function nativeAdapters(): Promise<
  Readonly<Record<'goWaku' | 'inPlace' | 'nwaku', MaybeAdapter>>
> {
  const libgowaku = await locateNodeLibrary('libgowaku');
  const path = libgowaku.found ? libgowaku.path : undefined;
  return {
    goWaku: maybe('go-waku', GO_WAKU, path, NO_LIBGOWAKU),
    inPlace: maybe("nwaku's adapter, with libgowaku in libwaku's place", NWAKU, path, NO_LIBGOWAKU),
    nwaku: maybe('nwaku', NWAKU, process.env.WAKU_DESK_LIBWAKU, NO_LIBWAKU),
  };
}

function maybe(
  name: string,
  adapter: LibraryAdapter,
  library: string | undefined,
  missing: string,
): MaybeAdapter {
  if (library === undefined || library === '') return { name, adapter: null, missing };
  const create: EngineAdapter['create'] = async (config) => {
    await buildBridge();
    const bridge = await loadBridge(bridgePath());
    return new NativeEngine({
      adapter,
      bridge,
      nodeLog: NodeLog.of(bridge, nodeLog()),
      library,
      libraryWords: library,
      config: parseNodeConfig(config),
    });
  };
  return { name, adapter: { name, create }, missing };
}
