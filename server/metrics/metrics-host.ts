/** The metrics of the node for Prometheus, on a port of its own as wakunode2 has it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describeCause } from '../../core/engine/errors.ts';
import { closeServer, listen } from '../listen.ts';
import type { RestNode } from '../rest/context.ts';
import { NodeMetrics } from './node-metrics.ts';

export interface MetricsHost {
  readonly port: number;
  close(): Promise<void>;
}

export interface MetricsOptions {
  address: string;
  /** 0: a free one. */
  port: number;
}

const MAX_CONNECTIONS = 64;
const REQUEST_MS = 10_000;
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';
const HTML = 'text/html; charset=utf-8';

/** @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED */
export async function startMetricsHost(
  node: RestNode,
  { address, port }: MetricsOptions,
): Promise<MetricsHost> {
  const metrics = new NodeMetrics(node);
  const server = createServer(
    { maxHeaderSize: 16 * 1024, headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS },
    (request, response) => {
      void answer(request, response, () => metrics.text());
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  try {
    return {
      port: await listen(server, address, port),
      async close() {
        metrics.close();
        await closeServer(server);
      },
    };
  } catch (error) {
    metrics.close();
    throw error;
  }
}

/** Never rejects. */
async function answer(
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  metrics: () => Promise<string>,
): Promise<void> {
  const send = (status: number, contentType: string, body: string): void => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.writeHead(status, { 'Content-Type': contentType }).end(body);
  };
  const path = url.split('?', 1)[0];
  if (headers.origin !== undefined) send(403, HTML, 'Pages may not read this');
  else if (method === 'GET' && path === '/health') send(200, HTML, 'OK');
  else if (method !== 'GET' || path !== '/metrics') send(404, HTML, 'Try /metrics');
  else
    try {
      send(200, PROMETHEUS, await metrics());
    } catch (error) {
      send(503, HTML, `No metrics: ${describeCause(error)}`);
    }
}
