import { describe, expect, it } from 'vitest';
import { liveState } from '../../core/operations/live-state.ts';
import { fixtureSnapshot } from '../../core/operations/fixture-values.ts';
import type { Snapshot } from '../../core/operations/live-values.ts';
import { decodeChat, DEFAULT_CHAT_TOPIC } from '../../core/waku/chat.ts';
import { messageHashText } from '../../core/waku/hash.ts';
import { createMessage } from '../../core/waku/message.ts';
import { checkLine } from './chat-draft.ts';
import { routeOf } from './chat-route.ts';
import { DEFAULT_ROOM } from './state.ts';

const SHARD_32 = '/waku/2/rs/16/32';
/** toy-chat version 2 among 8 shards, as in the vectors of auto-sharding. */
const AUTO = '/waku/2/rs/16/7';

function route(
  settings: Partial<Snapshot['settings']>,
  topics: readonly string[],
  chosen: string | null = null,
  filters: Snapshot['node']['filters'] = [],
) {
  const snapshot = fixtureSnapshot();
  const live = liveState({
    ...snapshot,
    settings: { ...snapshot.settings, shardsInNetwork: 0, ...settings },
  });
  const relayed = topics.map((pubsubTopic) => ({ pubsubTopic, meshPeers: [], health: 'UnHealthy' as const }));
  const node = { ...live.node, topics: relayed, filters };
  return routeOf({ ...DEFAULT_ROOM, pubsubTopic: chosen }, { settings: live.settings, node });
}

describe('the way of a room', () => {
  it('is the first shard of the node where shards are static', () => {
    expect(route({}, [SHARD_32, AUTO])).toEqual({
      pubsubTopic: SHARD_32,
      autoTopic: null,
      isHeard: true,
    });
    expect(route({}, [])).toMatchObject({ pubsubTopic: null, isHeard: false });
  });

  it('follows from the content topic where the network shards by it', () => {
    const sharded = { shardsInNetwork: 8 };
    expect(route(sharded, [SHARD_32])).toMatchObject({ pubsubTopic: AUTO, autoTopic: AUTO, isHeard: false });
    expect(route(sharded, [SHARD_32, AUTO])).toMatchObject({ isHeard: true });
  });

  it('is what the user chose, heard or not', () => {
    expect(route({ shardsInNetwork: 8 }, [AUTO], SHARD_32)).toMatchObject({
      pubsubTopic: SHARD_32,
      isHeard: false,
    });
  });

  it('of a light client is heard where its content topic is asked for', () => {
    const filter = { pubsubTopic: SHARD_32, contentTopics: [DEFAULT_CHAT_TOPIC], served: true, error: null };
    expect(route({ light: true }, [SHARD_32]).isHeard).toBe(false);
    expect(route({ light: true }, [SHARD_32], null, [filter]).isHeard).toBe(true);
  });
});

describe('a line', () => {
  const line = {
    contentTopic: DEFAULT_CHAT_TOPIC,
    nick: ' ann ',
    text: 'hi',
    timestampNs: 1_763_800_000_500_000_000n,
  };
  const { settings } = fixtureSnapshot();

  it('becomes a message of chat2 with the hash that its record will have', () => {
    const { draft, hash, problem } = checkLine(line, route({}, [SHARD_32]), settings);
    expect(problem).toBeNull();
    expect(draft).toMatchObject({ contentTopic: DEFAULT_CHAT_TOPIC, pubsubTopic: SHARD_32 });
    const payload = draft?.payload ?? new Uint8Array();
    expect(decodeChat(payload)).toEqual({ timestampS: 1_763_800_000, nick: 'ann', text: 'hi' });
    const { contentTopic, timestampNs } = line;
    expect(hash).toBe(messageHashText(SHARD_32, createMessage({ payload, contentTopic, timestampNs })));
  });

  it.each([
    ['no nick', { nick: '' }, /Choose a nick/],
    ['a nick that nobody can read', { nick: 'a\u202eb' }, /visible/],
    ['nothing in it', { text: ' \n' }, /Write something/],
    ['too much in it', { text: 'x'.repeat(153_600) }, /fit at most/],
  ])('with %s is not sent', (_what, fields, problem) => {
    const checked = checkLine({ ...line, ...fields }, route({}, [SHARD_32]), settings);
    expect(checked).toMatchObject({ draft: null, hash: null });
    expect(checked.problem).toMatch(problem);
  });

  it('fits to the byte', () => {
    const most = checkLine(line, route({}, [SHARD_32]), settings).maxPayloadBytes ?? 0;
    // 6 bytes of time, 5 of the nick, 4 before the text.
    const text = 'x'.repeat(most - 15);
    expect(checkLine({ ...line, text }, route({}, [SHARD_32]), settings)).toMatchObject({
      payloadBytes: most,
      problem: null,
    });
    expect(checkLine({ ...line, text: `${text}x` }, route({}, [SHARD_32]), settings).draft).toBeNull();
  });

  it('on a shard that the node does not relay is not sent: engines publish where they relay', () => {
    const sharded = { shardsInNetwork: 8 };
    expect(checkLine(line, route(sharded, [SHARD_32]), settings).problem).toMatch(/not subscribed/);
    expect(checkLine(line, route(sharded, [AUTO]), settings).draft).toMatchObject({ pubsubTopic: AUTO });
    expect(checkLine(line, route({}, [AUTO], SHARD_32), settings).problem).toMatch(/not subscribed/);
    expect(checkLine(line, route({}, []), settings).problem).toMatch(/no shard/);
  });
});
