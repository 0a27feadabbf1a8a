/** wakunode2's flags for its REST API and its metrics. */
import type { Command } from 'commander';
import { boolean, integer, list, text } from '../flags/values.ts';

export interface RestFlags {
  rest: boolean;
  restAddress: string;
  restPort: number;
  restAdmin: boolean;
  restRelayCacheCapacity: number;
  restFilterCacheCapacity: number;
  restAllowOrigin: string[];
  metricsServer: boolean;
  metricsServerAddress: string;
  metricsServerPort: number;
}

const uint16 = integer(0, 65_535);
const capacity = integer(1, 1_000_000);

export function addRestFlags(command: Command): Command {
  return command
    .optionsGroup('REST API and metrics, as wakunode2 has them:')
    .option('--rest [bool]', "wakunode2's REST API", boolean, false)
    .option('--rest-address <ip>', 'address that it listens on', text, '127.0.0.1')
    .option('--rest-port <n>', 'its port, 0 for a free one', uint16, 8645)
    .option('--rest-admin [bool]', 'with /admin/v1: peers and the log level', boolean, false)
    .option('--rest-relay-cache-capacity <n>', 'messages of a topic that wait for a GET', capacity, 50)
    .option('--rest-filter-cache-capacity <n>', 'the same of filter', capacity, 30)
    .option('--rest-allow-origin <origin>', 'pages that may call it, * and ?, repeatable', list(text), [])
    .option('--metrics-server [bool]', 'metrics for Prometheus', boolean, false)
    .option('--metrics-server-address <ip>', 'address that they are on', text, '127.0.0.1')
    .option('--metrics-server-port <n>', 'their port, 0 for a free one', uint16, 8008);
}
