/** Messages of the suite's own. */
import { nowNs } from '../../core/engine/clock.ts';
import { createMessage, type WakuMessage } from '../../core/waku/message.ts';

export const CONTENT_TOPIC = '/waku-desk/1/conformance/proto';

/** A message like no other; the fields given count. */
export function testMessage(fields: Partial<WakuMessage> = {}): WakuMessage {
  const timestampNs = nowNs();
  return createMessage({
    payload: new TextEncoder().encode(`message of ${String(timestampNs)}`),
    contentTopic: CONTENT_TOPIC,
    timestampNs,
    ...fields,
  });
}
