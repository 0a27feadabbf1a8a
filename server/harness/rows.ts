/** A message as a row of the list, and as a row for a filter. */
import type { FilterRow } from '../../core/filter/filter.ts';
import type { MessageRow } from '../../core/operations/message-values.ts';
import type { LiveMessage } from '../../core/session/types.ts';

export function rowOf({ position, seq, message, ...common }: LiveMessage): MessageRow {
  return {
    position,
    seq,
    captured: seq !== null,
    dir: common.dir,
    pubsubTopic: common.pubsubTopic,
    contentTopic: message.contentTopic,
    payloadBytes: message.payload.length,
    hash: common.hash,
    receivedNs: common.receivedNs,
    timestampNs: message.timestampNs,
    fromPeer: common.fromPeer,
    ephemeral: message.ephemeral,
    version: message.version,
    state: null,
  };
}

const utf8 = new TextDecoder();

export function filterRowOf(row: MessageRow, payload: Uint8Array): FilterRow {
  return { ...row, payloadText: () => utf8.decode(payload) };
}
