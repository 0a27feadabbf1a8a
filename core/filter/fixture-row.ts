/** Rows for this room's tests. */
import { parseFilterOrThrow, type FilterRow } from './filter.ts';

/** Noon, local time, so that clock times of the same day do not depend on the time zone. */
export const NOW_MS = new Date(2025, 5, 1, 12, 0, 0, 0).getTime();

export const nsOf = (ms: number): bigint => BigInt(ms) * 1_000_000n;

export type RowFields = Omit<FilterRow, 'payloadText'> & { payload: string };

export function makeRow({ payload = 'hello', ...fields }: Partial<RowFields> = {}): FilterRow {
  return {
    dir: 'in',
    pubsubTopic: '/waku/2/rs/16/32',
    contentTopic: '/toy-chat/2/huilong/proto',
    payloadBytes: 200,
    hash: `0x9c41${'0'.repeat(60)}`,
    receivedNs: nsOf(NOW_MS),
    timestampNs: nsOf(NOW_MS) - 1_000_000_000n,
    fromPeer: '16Uiu2HAmPeerOneabc',
    ephemeral: false,
    ...fields,
    payloadText: () => payload,
  };
}

export function matches(expression: string, fields: Partial<RowFields> = {}): boolean {
  return parseFilterOrThrow(expression, NOW_MS).matches(makeRow(fields));
}
