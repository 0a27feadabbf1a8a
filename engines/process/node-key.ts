/** The key of a node: without one in its configuration, every process would be another node. */
import { randomBytes } from 'node:crypto';
import type { NodeConfig } from '../../core/engine/config.ts';

/** The configuration with a key, a new one where it has none. */
export function withKey(config: NodeConfig): NodeConfig {
  return config.nodeKey === null ? { ...config, nodeKey: randomBytes(32).toString('hex') } : config;
}
