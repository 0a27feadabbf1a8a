/** What a user does in the chat. */
import type { ErrorData } from '../../core/engine/errors.ts';
import { keepChat, readChat, withRoom } from './chat-rooms.ts';
import { checkLine } from './chat-draft.ts';
import { routeOf } from './chat-route.ts';
import type { Desk } from './desk.ts';
import { errorData } from './error-data.ts';
import { unknownOutcome } from './publish-actions.ts';
import { goTo } from './view-actions.ts';
import type { ChatRoom, OutgoingLine } from './state.ts';

const MAX_OUTGOING = 50;
let lastId = 0;
let lastNs = 0n;

/** Two lines of one millisecond are two messages. */
function nextNs(): bigint {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  lastNs = nowNs > lastNs ? nowNs : lastNs + 1n;
  return lastNs;
}

/** Puts nick and rooms of the last visit into force. */
export function restoreChat(desk: Desk): void {
  desk.update('chat', readChat());
}

export function openRoomOf({ store }: Desk): ChatRoom | undefined {
  const { rooms, open } = store.getState().chat;
  return rooms.find(({ contentTopic }) => contentTopic === open);
}

/** Sends what is typed in the open room; a line that cannot be sent stays typed. */
export function sendTyped(desk: Desk): void {
  const { open, typed } = desk.store.getState().chat;
  if (!sendLine(desk, typed[open] ?? '')) return;
  setTyped(desk, '');
}

/** @returns whether it is on its way */
function sendLine(desk: Desk, text: string): boolean {
  const { chat, live } = desk.store.getState();
  const room = openRoomOf(desk);
  if (live === null || room === undefined) return false;
  const { contentTopic } = room;
  const line = { contentTopic, nick: chat.nick, text: text.trimEnd(), timestampNs: nextNs() };
  const { draft, hash } = checkLine(line, routeOf(room, live), live.settings);
  if (draft === null || hash === null) return false;
  const outgoing: OutgoingLine = {
    id: ++lastId,
    contentTopic,
    text: line.text,
    startedMs: Date.now(),
    hash,
    error: null,
  };
  desk.update('chat', (state) => ({ outgoing: [...state.outgoing, outgoing].slice(-MAX_OUTGOING) }));
  desk.chat.toNewest();
  desk.client.call('messages.publish', draft).catch((error: unknown) => {
    failed(desk, outgoing.id, unknownOutcome(errorData(error, 'messages.publish')));
  });
  return true;
}

function failed(desk: Desk, id: number, error: ErrorData): void {
  desk.update('chat', ({ outgoing }) => ({
    outgoing: outgoing.map((line) => (line.id === id ? { ...line, error } : line)),
  }));
}

/** Sends a line again as a new message; the one that failed is shown as it was, where it has a record. */
export function sendAgain(desk: Desk, text: string, id: number | null): void {
  if (sendLine(desk, text) && id !== null) forgetLine(desk, id);
}

/** Puts a line that failed back behind what is typed. */
export function editAgain(desk: Desk, { id, text, contentTopic }: OutgoingLine): void {
  const before = desk.store.getState().chat.typed[contentTopic] ?? '';
  setTyped(desk, before.trim() === '' ? text : `${before}\n${text}`);
  forgetLine(desk, id);
  focusComposer();
}

function forgetLine(desk: Desk, id: number): void {
  desk.update('chat', ({ outgoing }) => ({ outgoing: outgoing.filter((line) => line.id !== id) }));
}

export function setTyped(desk: Desk, text: string): void {
  desk.update('chat', ({ typed, open }) => ({ typed: { ...typed, [open]: text } }));
}

/** As it is typed: one that cannot be sends nothing. */
export function setNick(desk: Desk, nick: string): void {
  desk.update('chat', { nick });
  keepChat(desk.store.getState().chat);
}

/** Adds a room and opens it. @returns what is wrong with it */
export function addRoom(desk: Desk, typed: string): string | null {
  const added = withRoom(desk.store.getState().chat.rooms, typed);
  if ('problem' in added) return added.problem;
  setRooms(desk, added.rooms);
  desk.chat.open(added.contentTopic);
  return null;
}

/** The toast brings it back to its place. The last room stays. */
export function removeRoom(desk: Desk, contentTopic: string): void {
  const { rooms, open } = desk.store.getState().chat;
  const left = rooms.filter((room) => room.contentTopic !== contentTopic);
  const [first] = left;
  if (first === undefined) return;
  setRooms(desk, left);
  if (open === contentTopic) desk.chat.open(first.contentTopic);
  const undo = (): void => {
    const isThere = desk.store.getState().chat.rooms.some((room) => room.contentTopic === contentTopic);
    if (!isThere) setRooms(desk, rooms);
  };
  desk.toast({
    tone: 'good',
    text: 'The room is removed; its messages stay in the capture.',
    action: { label: 'Undo', run: undo },
  });
}

/** @param pubsubTopic null: as it follows */
export function chooseShard(desk: Desk, contentTopic: string, pubsubTopic: string | null): void {
  const { rooms } = desk.store.getState().chat;
  setRooms(
    desk,
    rooms.map((room) => (room.contentTopic === contentTopic ? { contentTopic, pubsubTopic } : room)),
  );
}

function setRooms(desk: Desk, rooms: readonly ChatRoom[]): void {
  desk.update('chat', { rooms });
  keepChat(desk.store.getState().chat);
}

export function focusComposer(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('#chat-line')?.focus());
}

export function writeInChat(desk: Desk): void {
  goTo(desk, 'chat');
  focusComposer();
}
