/** Chat as lines: for people, with what means harm made visible, and as JSON. */
import type { NewMessage } from '../core/capture/records.ts';
import { decodeChat, shortNick } from '../core/waku/chat.ts';
import { clockTime, counted, messageFields } from './message-lines.ts';
import { printable, type Output } from './output.ts';

/** Of a text; JSON has all of it. */
const MAX_TEXT = 4_000;

/** `12:02:14.128 ann: hello` */
export function chatLine(atNs: bigint, nick: string, text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return printable(`${clockTime(atNs)} ${nick === '' ? '(no nick)' : shortNick(nick)}: ${cut}`);
}

/** A message of a room: as chat, or as what it is where it is none. */
export function printChat(output: Output, message: NewMessage, seq: number | null): void {
  const { payload } = message.message;
  const chat = decodeChat(payload);
  const fields = messageFields(message, seq);
  if (chat === null) {
    const size = `${payload.length.toLocaleString('en')} B`;
    output.result('notChat', fields, `${clockTime(message.receivedNs)} (${size} that are no chat message)`);
    return;
  }
  const { nick, text, timestampS } = chat;
  output.result(
    'chat',
    { nick, text, writtenS: timestampS, ...fields },
    chatLine(message.receivedNs, nick, text),
  );
}

/** What became of an own line. */
export function deliveryWords(sentToPeers: number | null): string {
  return sentToPeers === null ? 'accepted' : `sent to ${counted(sentToPeers, 'peer')}`;
}
