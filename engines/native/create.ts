/** Native engines, from the library that is on this machine. */
import type { NodeConfig } from '../../core/engine/config.ts';
import { loadBridge, type BridgeLibrary } from '../../native/ffi/bridge-library.ts';
import type { LibraryKind, Located } from '../../native/library/locate.ts';
import { requireNodeLibrary } from '../../native/library/node-library.ts';
import { checkedBridgeFile } from '../../native/library/own-folders.ts';
import { GO_WAKU, NWAKU, type LibraryAdapter } from './adapter.ts';
import { NativeEngine } from './engine.ts';
import { LibraryNode } from './library-node.ts';
import { NodeLog } from './node-log.ts';

export interface NativePlace {
  /** The library that the user named. */
  library?: string;
  /** The first one of a process counts. */
  nodeLog: string;
}

const ADAPTERS: Readonly<Record<LibraryAdapter['kind'], LibraryAdapter>> = {
  nwaku: NWAKU,
  'go-waku': GO_WAKU,
};

/**
 * An engine that is not started; its library is found, loaded and of a release that is spoken. From now on
 * descriptors 1 and 2 of this process belong to node.log.
 * @throws WakuDeskError LIBRARY_MISSING, LIBRARY_REFUSED, ENGINE_FAILED (the bridge), FILE_FAILED (the named file)
 */
export async function createNativeEngine(
  kind: LibraryAdapter['kind'],
  config: NodeConfig,
  { library, nodeLog }: NativePlace,
): Promise<NativeEngine> {
  const adapter = ADAPTERS[kind];
  const located = await requireNodeLibrary(kind, library);
  const bridge = await loadBridge(await checkedBridgeFile());
  const log = NodeLog.of(bridge, nodeLog);
  return new NativeEngine({
    adapter,
    bridge,
    nodeLog: log,
    library: located.path,
    libraryWords: await describe(bridge, log, located, adapter.library),
    config,
  });
}

/** Loads it, which refuses what is not spoken, before anything depends on it. */
async function describe(
  bridge: BridgeLibrary,
  log: NodeLog,
  { path, sha256 }: Located & { found: true },
  name: LibraryKind,
): Promise<string> {
  const node = await LibraryNode.open({
    bridge,
    path,
    onBatch: () => {
      log.read();
    },
    onEvent: () => undefined,
    onProblem: () => undefined,
    onGap: () => undefined,
  });
  const { generation } = node;
  await node.close(0);
  return `${name}, generation ${generation}, sha256 ${sha256.slice(0, 12)}`;
}
