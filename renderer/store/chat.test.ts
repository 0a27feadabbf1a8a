import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fixtureCounters, fixtureSnapshot } from '../../core/operations/fixture-values.ts';
import type { MessageDetails, MessageRow } from '../../core/operations/message-values.ts';
import { DEFAULT_CHAT_TOPIC, encodeChat } from '../../core/waku/chat.ts';
import type { HashText } from '../../core/waku/hash.ts';
import { createMessage } from '../../core/waku/message.ts';
import { addRoom, editAgain, removeRoom, sendTyped, setNick, setTyped } from './chat-actions.ts';
import { MAX_CHAT_ENTRIES } from './chat-window.ts';
import { createDesk, type Desk } from './desk.ts';
import { FixtureClient, fixtureRow } from './fixture-client.ts';

/** Messages of the room by position, as the host has them. */
let stored: Map<number, MessageRow>;
let client: FixtureClient;
let desk: Desk;

const row = (position: number, part: Partial<MessageRow> = {}): MessageRow =>
  fixtureRow(position, { contentTopic: DEFAULT_CHAT_TOPIC, ...part });

function details(found: MessageRow): MessageDetails {
  const payload = new Uint8Array(encodeChat({ timestampS: 1, nick: 'ann', text: String(found.position) }));
  const states = found.state === null ? [] : [{ atNs: 1n, delivery: found.state }];
  return { row: found, message: createMessage({ payload }), computedHash: null, states };
}

beforeEach(() => {
  stored = new Map();
  client = new FixtureClient();
  client.answers['messages.search'] = ({ before = Infinity, from = -Infinity, limit }) => {
    const all = [...stored.keys()].filter((at) => at < before && at >= from).sort((a, b) => b - a);
    const positions = all.slice(0, limit);
    return { positions, next: all.length > limit ? (positions.at(-1) ?? null) : null, unknown: 0 };
  };
  client.answers['messages.read'] = ({ positions }) => ({
    messages: positions.flatMap((at) => stored.get(at) ?? []).map(details),
    rest: [],
  });
  desk = createDesk(client);
  const snapshot = fixtureSnapshot();
  const topic = { pubsubTopic: '/waku/2/rs/16/32', meshPeers: [], health: 'UnHealthy' as const };
  client.snapshot({ node: { ...snapshot.node, topics: [topic] } });
});

const state = () => desk.store.getState().chat;
const held = (): number[] => desk.chat.window.entries.map(({ position }) => position);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
const idle = () =>
  until(() => {
    expect(state().loading).toBe(false);
  });

function store(from: number, to: number): void {
  for (const position of range(from, to)) stored.set(position, row(position));
}

/** The host stores and tells them. */
async function arrive(rows: readonly MessageRow[]): Promise<void> {
  for (const one of rows) stored.set(one.position, one);
  await client.batch({ rows: [...rows] });
  await idle();
}

async function enter(): Promise<void> {
  desk.chat.enter();
  await idle();
}

describe('an open room', () => {
  it('begins with the newest page and follows what comes', async () => {
    store(0, 250);
    await enter();
    expect(held()).toEqual(range(150, 250));
    await arrive([row(250), fixtureRow(251), row(252)]);
    expect(held()).toEqual([...range(150, 251), 252]);
  });

  it('holds no more than a page draws, however much comes', async () => {
    await enter();
    await arrive(range(0, 1_000).map((position) => row(position)));
    expect(held()).toEqual(range(1_000 - MAX_CHAT_ENTRIES, 1_000));
    expect(desk.chat.window.hasOlder).toBe(true);
    const read = client.calls.flatMap(([name, request]) =>
      name === 'messages.read' ? (request as { positions: number[] }).positions : [],
    );
    expect(read).toHaveLength(MAX_CHAT_ENTRIES);
  });

  it('grows backwards on demand; what falls off the end is loaded again', async () => {
    store(0, 500);
    await enter();
    desk.chat.moved({ isAtStart: false, isAtEnd: false });
    for (let i = 0; i < 4; i++) {
      desk.chat.moved({ isAtStart: true, isAtEnd: false });
      await idle();
    }
    expect(held()).toEqual(range(0, 300));
    expect(desk.chat.window).toMatchObject({ hasOlder: false, beyond: 200 });
    desk.chat.moved({ isAtStart: false, isAtEnd: true });
    await idle();
    expect(held()).toEqual(range(100, 400));
    expect(desk.chat.window).toMatchObject({ hasOlder: true, beyond: 100 });
    desk.chat.toNewest();
    await idle();
    expect(held()).toEqual(range(400, 500));
    expect(desk.chat.following).toBe(true);
  });

  it('counts what comes while the end is not in view, and moves nothing that is', async () => {
    store(0, 400);
    await enter();
    desk.chat.moved({ isAtStart: false, isAtEnd: false });
    await arrive(range(400, 700).map((position) => row(position)));
    expect(held()).toEqual(range(300, 600));
    expect(desk.chat.unseen).toBe(300);
    await arrive([row(700)]);
    expect(desk.chat.window.beyond).toBe(101);
    expect(desk.chat.unseen).toBe(301);
  });

  it('has after a snapshot what the stream left out', async () => {
    store(0, 10);
    await enter();
    store(10, 15);
    client.snapshot({ counters: fixtureCounters(0, 15) });
    await idle();
    expect(held()).toEqual(range(0, 15));
  });

  it('has each message once, whether the search or the stream brings it first', async () => {
    store(0, 3);
    let answer: () => void = () => undefined;
    const search = client.answers['messages.search'];
    client.answers['messages.search'] = async (...call) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return (await search?.(...call)) ?? { positions: [], next: null, unknown: 0 };
    };
    desk.chat.enter();
    stored.set(3, row(3));
    await client.batch({ rows: [row(3)] });
    answer();
    await idle();
    expect(held()).toEqual(range(0, 4));
  });

  it('that the user scrolls up in while much is read has no hole, and counts nothing as beyond', async () => {
    store(0, 10);
    await enter();
    const { 'messages.read': read } = client.answers;
    let answer: () => void = () => undefined;
    client.answers['messages.read'] = async (...call) => {
      await new Promise<void>((resolve) => (answer = resolve));
      if (read !== undefined) client.answers['messages.read'] = read;
      return (await read?.(...call)) ?? { messages: [], rest: [] };
    };
    const arriving = arrive(range(10, 510).map((position) => row(position)));
    await until(() => {
      expect(client.calls.filter(([name]) => name === 'messages.read')).toHaveLength(2);
    });
    desk.chat.moved({ isAtStart: false, isAtEnd: false });
    answer();
    await arriving;
    expect(held()).toEqual(range(510 - MAX_CHAT_ENTRIES, 510));
    expect(desk.chat.window.beyond).toBe(0);
  });

  it('of a session that ended is read anew', async () => {
    store(0, 5);
    await enter();
    stored.clear();
    store(0, 1);
    client.snapshot({ sessionId: 'two' });
    expect(held()).toEqual([]);
    await idle();
    expect(held()).toEqual([0]);
  });

  it('that cannot be read says why, and is read when asked again', async () => {
    const { 'messages.read': read } = client.answers;
    delete client.answers['messages.read'];
    store(0, 2);
    await enter();
    expect(state().error).toMatchObject({ code: 'HOST_DISCONNECTED' });
    if (read !== undefined) client.answers['messages.read'] = read;
    desk.chat.retry();
    await idle();
    expect(state().error).toBeNull();
    expect(held()).toEqual([0, 1]);
  });

  it('is another one as soon as it is opened, whatever still comes for the one before', async () => {
    store(0, 5);
    desk.chat.enter();
    addRoom(desk, 'dogs');
    await idle();
    expect(state().open).toBe('/toy-chat/2/dogs/proto');
    const searched = client.calls.filter(([name]) => name === 'messages.search').at(-1);
    expect(searched?.[1]).toMatchObject({ filter: 'content="/toy-chat/2/dogs/proto"' });
  });
});

describe('what is unread', () => {
  const DOGS = '/toy-chat/2/dogs/proto';

  it('is what others wrote where nobody looked', async () => {
    addRoom(desk, 'dogs');
    desk.chat.open(DEFAULT_CHAT_TOPIC);
    const leave = desk.chat.enter();
    await arrive([row(0), row(1, { contentTopic: DOGS }), row(2, { contentTopic: DOGS, dir: 'out' })]);
    expect(state().unread).toMatchObject({ [DOGS]: 1, [DEFAULT_CHAT_TOPIC]: 0 });
    leave();
    await arrive([row(3), row(4)]);
    expect(state().unread[DEFAULT_CHAT_TOPIC]).toBe(2);
    await enter();
    expect(state().unread[DEFAULT_CHAT_TOPIC]).toBe(0);
    expect(held()).toContain(4);
  });

  it('of a room that is removed goes, and comes back with it', () => {
    addRoom(desk, 'dogs');
    removeRoom(desk, DOGS);
    expect(state()).toMatchObject({
      open: DEFAULT_CHAT_TOPIC,
      rooms: [{ contentTopic: DEFAULT_CHAT_TOPIC }],
    });
    desk.store.getState().toasts[0]?.action?.run();
    expect(state().rooms).toHaveLength(2);
    removeRoom(desk, DOGS);
    removeRoom(desk, DEFAULT_CHAT_TOPIC);
    expect(state().rooms).toHaveLength(1);
  });
});

describe('an own line', () => {
  const send = (text = 'hello'): HashText => {
    setNick(desk, 'ann');
    setTyped(desk, text);
    sendTyped(desk);
    const hash = state().outgoing.at(-1)?.hash;
    if (hash === undefined) throw new Error('nothing was sent');
    return hash;
  };
  const statesOf = (hash: HashText) =>
    desk.chat.window.entries
      .find((entry) => entry.hash === hash)
      ?.states.map(({ delivery }) => delivery.state);

  it('is on the page at once, until its record is', async () => {
    await enter();
    client.answers['messages.publish'] = () => new Promise(() => undefined);
    const hash = send();
    expect(state().typed[DEFAULT_CHAT_TOPIC]).toBe('');
    await arrive([row(0, { dir: 'out', hash })]);
    expect(state().outgoing).toEqual([]);
    expect(statesOf(hash)).toEqual([]);
  });

  it('has every state, also those that came before its record was read', async () => {
    await enter();
    client.answers['messages.publish'] = () => new Promise(() => undefined);
    const hash = send();
    let answer: () => void = () => undefined;
    const mine = row(0, { dir: 'out', hash });
    client.answers['messages.read'] = async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { messages: [details(mine)], rest: [] };
    };
    stored.set(0, mine);
    const at = { position: 0, hash, atNs: 1n };
    await client.batch({ rows: [mine], states: [{ ...at, delivery: { state: 'accepted' } }] });
    await client.batch({ states: [{ ...at, delivery: { state: 'sent', peers: 2 } }] });
    answer();
    await idle();
    await client.batch({ states: [{ ...at, delivery: { state: 'echoed' } }] });
    expect(statesOf(hash)).toEqual(['accepted', 'sent', 'echoed']);
  });

  it('that failed stays with its reason, and goes back to be edited', async () => {
    await enter();
    delete client.answers['messages.publish'];
    const hash = send('do not lose me');
    await until(() => {
      expect(state().outgoing[0]?.error).toMatchObject({ code: 'HOST_DISCONNECTED' });
    });
    await arrive([row(0, { dir: 'out', hash, state: { state: 'failed', code: 'NO_PEERS' } })]);
    const [line] = state().outgoing;
    if (line === undefined) throw new Error('the line is lost');
    setTyped(desk, 'typed since');
    vi.stubGlobal('requestAnimationFrame', () => 0);
    editAgain(desk, line);
    vi.unstubAllGlobals();
    expect(state().typed[DEFAULT_CHAT_TOPIC]).toBe('typed since\ndo not lose me');
    expect(state().outgoing).toEqual([]);
  });

  it('sent twice in a moment is two messages', async () => {
    await enter();
    client.answers['messages.publish'] = () => new Promise(() => undefined);
    expect(send('same')).not.toBe(send('same'));
  });

  it('that cannot be sent stays typed', () => {
    setTyped(desk, 'no nick yet');
    sendTyped(desk);
    expect(state()).toMatchObject({ outgoing: [], typed: { [DEFAULT_CHAT_TOPIC]: 'no nick yet' } });
  });
});
