/** What the routes work with. */
import type { NodeConfig } from '../../core/engine/config.ts';
import type { Engine } from '../../core/engine/engine.ts';
import type { LogLevel } from '../../core/engine/events.ts';
import type { Session } from '../../core/session/session.ts';
import type { KnownPeers } from './known-peers.ts';
import type { MessageCache } from './message-cache.ts';

/** The node behind the API. */
export interface RestNode {
  session: Session;
  engine: Engine;
  config: NodeConfig;
  /** From now on only lines of this level and above are printed. */
  setLogLevel: (level: LogLevel) => void;
}

export interface RestContext extends RestNode {
  /** What relay brought. */
  relayCache: MessageCache;
  /** What filter brought. */
  filterCache: MessageCache;
  peers: KnownPeers;
}
