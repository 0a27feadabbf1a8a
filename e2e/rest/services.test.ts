/** Filter, lightpush and store over REST on the engine go-waku, with go-waku's own node and a fixture store serving. */
import { beforeEach, describe, expect, it } from 'vitest';
import { messageHashText } from '../../core/waku/hash.ts';
import { createMessage } from '../../core/waku/message.ts';
import { startFixtureStore } from '../fixture-store.ts';
import { goMessage, GoInbox, useGoWaku } from '../go-waku.ts';
import { GO_WAKU, needsLibgowaku } from '../libgowaku.ts';
import { CONTENT_TOPIC, TOPIC } from '../nodes.ts';
import { startRestNode } from './rest-node.ts';

/** cmd/waku takes one request a second from a peer. */
const SETTLE = { timeout: 60_000, interval: 500 };
const TEST_MS = 120_000;
const START_NS = 1_769_860_800_000_000_000n;
const FILTER = JSON.stringify({ requestId: 'f1', contentFilters: [CONTENT_TOPIC], pubsubTopic: TOPIC });
const INBOX = `/filter/v2/messages/${encodeURIComponent(CONTENT_TOPIC)}`;

describe('a node of go-waku asks over REST', { timeout: TEST_MS }, () => {
  const startGo = useGoWaku();
  beforeEach(needsLibgowaku);

  it('a filter node for messages, and no more after it unsubscribed', async (context) => {
    const service = await startGo(context, { services: ['filter', 'lightpush'] });
    const node = await startRestNode([GO_WAKU, '--light', `--staticnode=${service.multiaddr}`]);
    const ask = (method: string) => node.call('/filter/v2/subscriptions', { method, body: FILTER });
    const agreed = { status: 200, text: '{"requestId":"f1","statusDesc":"OK"}' };
    await expect.poll(() => ask('POST'), SETTLE).toMatchObject(agreed);
    expect(await node.call('/filter/v2/subscriptions/p1')).toMatchObject({ status: 200 });
    const message = goMessage({ text: 'by filter' });
    await service.publish(TOPIC, message);
    const [payload, timestamp] = [Buffer.from('by filter').toString('base64'), message.timestampNs];
    await expect.poll(async () => (await node.call(INBOX)).text, SETTLE).toContain(payload);
    await service.publish(TOPIC, goMessage({ text: 'the next', timestampNs: timestamp + 1n }));
    await expect.poll(async () => (await node.call(INBOX)).text, SETTLE).toContain(String(timestamp + 1n));
    await expect.poll(() => ask('DELETE'), SETTLE).toMatchObject(agreed);
    expect(await node.call(INBOX)).toMatchObject({
      status: 400,
      text: `Not subscribed to topic: ${CONTENT_TOPIC}`,
    });
  });

  it('a lightpush node to relay, in the form of v1 and of v3, each message once', async (context) => {
    const service = await startGo(context, { services: ['filter', 'lightpush'] });
    const inbox = new GoInbox(service);
    const node = await startRestNode([GO_WAKU, '--light', `--staticnode=${service.multiaddr}`]);
    for (const [i, [path, text, again]] of [
      [
        '/lightpush/v1/message',
        'OK',
        { status: 503, text: 'Failed to request a message push: not_published_to_any_peer' },
      ] as const,
      [
        '/lightpush/v3/message',
        '{"statusDesc":"OK"}',
        { status: 420, text: '{"statusDesc":"Dropping already-seen message"}' },
      ] as const,
    ].entries()) {
      const message = createMessage({
        payload: Uint8Array.of(i),
        contentTopic: CONTENT_TOPIC,
        timestampNs: BigInt(Date.now()) * 1_000_000n + 7n,
      });
      const fields = `"payload":"${Buffer.of(i).toString('base64')}","contentTopic":"${CONTENT_TOPIC}"`;
      const body = `{"pubsubTopic":"${TOPIC}","message":{${fields},"timestamp":${message.timestampNs}}}`;
      await expect
        .poll(() => node.call(path, { method: 'POST', body }), SETTLE)
        .toMatchObject({ status: 200, text });
      const arrived = await inbox.waitFor(messageHashText(TOPIC, message));
      expect(arrived.timestampNs).toBe(message.timestampNs);
      expect(await node.call(path, { method: 'POST', body })).toMatchObject(again);
    }
  });

  it('a store node for its messages, page by page', async () => {
    const messages = Array.from({ length: 5 }, (_, i) =>
      createMessage({
        payload: Uint8Array.of(i + 1),
        contentTopic: CONTENT_TOPIC,
        timestampNs: START_NS + BigInt(i),
      }),
    );
    const store = await startFixtureStore(messages);
    const node = await startRestNode([GO_WAKU]);
    // go-waku asks no store without one.
    const topic = `pubsubTopic=${encodeURIComponent(TOPIC)}`;
    const query = `peerAddr=${encodeURIComponent(store.address)}&${topic}&includeData=true&pageSize=3`;
    const hashes: string[] = [];
    let cursor = '';
    for (const count of [3, 2]) {
      const { status, text } = await node.call(
        `/store/v3/messages?${query}&cursor=${encodeURIComponent(cursor)}`,
      );
      expect(status, text).toBe(200);
      const page = JSON.parse(text) as {
        statusCode: number;
        messages: { messageHash: string; pubsubTopic: string }[];
        paginationCursor?: string;
      };
      expect(page).toMatchObject({ statusCode: 200, statusDesc: 'OK' });
      expect(page.messages).toHaveLength(count);
      for (const { pubsubTopic } of page.messages) expect(pubsubTopic).toBe(TOPIC);
      if (hashes.length === 0) expect(text).toContain(`"timestamp":${START_NS}`);
      hashes.push(...page.messages.map(({ messageHash }) => messageHash));
      cursor = page.paginationCursor ?? '';
    }
    expect(cursor).toBe('');
    expect(hashes).toEqual(messages.map((message) => messageHashText(TOPIC, message)));
    store.refuseWith = { code: 429, text: 'too many requests' };
    const refused = await node.call(`/store/v3/messages?${query}`);
    expect(refused).toMatchObject({ status: 503 });
    expect(refused.text).toContain('SERVICE_REFUSED');
  });
});
