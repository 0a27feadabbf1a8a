/** A worker process that publishes through the REST API of a node. */
import { Agent, request } from 'node:http';
import { nowNs } from '../core/engine/clock.ts';
import { CONTENT_TOPIC, makePayload, monotonicNs, PUBSUB_TOPIC, whenDue, type Sending } from './load.ts';
import { serve } from './rpc.ts';

const agent = new Agent({ keepAlive: true });
const PATH = `/relay/v1/messages/${encodeURIComponent(PUBSUB_TOPIC)}`;

const handlers = {
  /** @param origin of the REST API */
  async send({ origin, sending }: { origin: string; sending: Sending }): Promise<bigint> {
    const underWay = new Set<Promise<void>>();
    const startNs = monotonicNs();
    for (let index = 0; index < sending.count; index++) {
      await whenDue(sending, index, startNs);
      while (underWay.size >= sending.inFlight) await Promise.race(underWay);
      const call: Promise<void> = publish(origin, makePayload(sending.run, index)).finally(() =>
        underWay.delete(call),
      );
      underWay.add(call);
    }
    await Promise.all(underWay);
    return startNs;
  },
};

function publish(origin: string, payload: Uint8Array): Promise<void> {
  const text = Buffer.from(payload).toString('base64');
  const body = `{"payload":"${text}","contentTopic":"${CONTENT_TOPIC}","timestamp":${nowNs()}}`;
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const call = request(new URL(PATH, origin), { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the node answered ${String(response.statusCode)} to a publish`));
      });
    });
    call.once('error', reject);
    call.end(body);
  });
}

export type RestHandlers = typeof handlers;
serve(handlers);
