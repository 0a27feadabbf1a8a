/** For tests: a native engine with the fixture library in a node library's place. It has no network. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNodeConfig, type NodeConfigInput } from '../../core/engine/config.ts';
import type { EngineEvent, EngineEventType } from '../../core/engine/events.ts';
import { bridgePath, fixturePath } from '../../native/build.mjs';
import { loadBridge } from '../../native/ffi/bridge-library.ts';
import { GO_WAKU, NWAKU } from './adapter.ts';
import { NativeEngine } from './engine.ts';
import { NodeLog } from './node-log.ts';

export const TOPIC = '/waku/2/rs/16/32';
/** A true peer id, of a key that is in the specifications; the fixture only repeats it. */
export const PEER = '16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';
export const ADDRESS = `/ip4/127.0.0.1/tcp/60001/p2p/${PEER}`;

const folder = mkdtempSync(join(tmpdir(), 'waku-desk-native-'));
export const NODE_LOG = join(folder, 'node.log');

export interface FixtureOptions {
  adapter?: typeof NWAKU;
  generation?: Parameters<typeof fixturePath>[0];
  config?: NodeConfigInput;
}

export class FixtureEngine {
  readonly engine: NativeEngine;
  readonly events: EngineEvent[] = [];

  private constructor(engine: NativeEngine) {
    this.engine = engine;
    engine.onEvent((event) => this.events.push(event));
  }

  /** Not started. @param fixture its options, see native/fixture/README.md */
  static async create(
    fixture: object,
    { adapter = NWAKU, generation = 'b', config = {} }: FixtureOptions = {},
  ): Promise<FixtureEngine> {
    const bridge = await loadBridge(bridgePath());
    return new FixtureEngine(
      new NativeEngine({
        adapter,
        bridge,
        nodeLog: NodeLog.of(bridge, NODE_LOG),
        library: fixturePath(generation),
        libraryWords: 'fixture',
        config: parseNodeConfig(config),
        moreConfig: { fixture },
      }),
    );
  }

  told<T extends EngineEventType>(type: T): Extract<EngineEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<EngineEvent, { type: T }> => event.type === type);
  }
}

export { GO_WAKU, NWAKU };
