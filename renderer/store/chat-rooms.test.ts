import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepChat, MAX_ROOMS, readChat, unreadOf, withRoom } from './chat-rooms.ts';
import { DEFAULT_ROOM } from './state.ts';

const ROOM = { contentTopic: '/toy-chat/2/dogs/proto', pubsubTopic: '/waku/2/rs/16/33' };

/** Of a browser that has kept this. */
function storage(text: string | null): { text: string | null } {
  const kept = { text };
  vi.stubGlobal('localStorage', {
    getItem: () => kept.text,
    setItem: (_key: string, value: string) => {
      kept.text = value;
    },
  });
  return kept;
}
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('what the browser keeps', () => {
  it('is nick and rooms', () => {
    storage(null);
    keepChat({ nick: 'ann', rooms: [ROOM, DEFAULT_ROOM] });
    expect(readChat()).toEqual({ nick: 'ann', rooms: [ROOM, DEFAULT_ROOM], open: ROOM.contentTopic });
  });

  it('leaves a nick out that was not good, and keeps the rooms', () => {
    storage(null);
    keepChat({ nick: 'a\u202eb', rooms: [ROOM] });
    expect(readChat()).toMatchObject({ nick: '', rooms: [ROOM] });
  });

  it.each([
    'no json',
    'null',
    '{}',
    JSON.stringify({ nick: 'ann', rooms: [] }),
    JSON.stringify({ nick: 'ann', rooms: [ROOM, ROOM] }),
    JSON.stringify({ nick: 'ann', rooms: [{ ...ROOM, contentTopic: '/a\u202eb' }] }),
    JSON.stringify({ nick: 'ann', rooms: [{ ...ROOM, pubsubTopic: 'x' }] }),
    JSON.stringify({ nick: 'ann', rooms: Array(51).fill(ROOM) }),
  ])('does not count when it is %s', (text) => {
    storage(text);
    expect(readChat()).toMatchObject({ nick: '', rooms: [DEFAULT_ROOM] });
  });

  it('is nothing on a page that has no storage', () => {
    vi.stubGlobal('localStorage', undefined);
    keepChat({ nick: 'ann', rooms: [ROOM] });
    expect(readChat()).toMatchObject({ nick: '', rooms: [DEFAULT_ROOM] });
  });
});

describe('rooms', () => {
  it('are added once, and not without end', () => {
    const added = withRoom([DEFAULT_ROOM], 'dogs');
    expect(added).toMatchObject({ rooms: [DEFAULT_ROOM, { ...ROOM, pubsubTopic: null }] });
    expect(withRoom([DEFAULT_ROOM], 'huilong')).toEqual({ problem: 'The room huilong is in the list.' });
    const many = Array.from({ length: MAX_ROOMS }, (_, i) => ({
      ...ROOM,
      contentTopic: `/a/1/${String(i)}/b`,
    }));
    expect(withRoom(many, 'one-more')).toHaveProperty('problem');
  });

  it('that were removed count nothing', () => {
    expect(unreadOf({ rooms: [ROOM], unread: { [ROOM.contentTopic]: 2, '/gone/1/a/b': 5 } })).toBe(2);
  });
});
