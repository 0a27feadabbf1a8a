/** What a running node prints of itself. */
import type { LogLevel, PeerInfo } from '../core/engine/events.ts';
import type { FilterStatus, SessionBatch, SessionEvent } from '../core/session/types.ts';
import { clockTime, counted, messageFields, messageLine } from './message-lines.ts';
import { printable, type Output } from './output.ts';

export interface NodeLinesOptions {
  /** No messages and peers. */
  quiet: boolean;
  /** Engine lines from this level on. */
  logLevel: LogLevel;
}

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

export function printBatch(
  { messages, states, gaps, events, missed }: SessionBatch,
  { quiet, logLevel }: NodeLinesOptions,
  output: Output,
): void {
  for (const event of events) printEvent(event, logLevel, quiet, output);
  if (!quiet) {
    for (const message of messages)
      output.result('message', messageFields(message, message.seq), messageLine(message));
    for (const { hash, atNs, delivery } of states)
      output.result('messageState', { hash, atNs, ...delivery }, null);
  }
  for (const { reason, lost, detail, afterSeq } of gaps)
    output.result(
      'gap',
      { reason, lost, detail, afterSeq },
      `gap: ${lost ?? 'unknown'} messages lost (${detail})`,
    );
  if (missed > 0)
    output.result(
      'missed',
      { count: missed },
      `${missed} lines left out: the reader of this output is too slow`,
    );
}

function printEvent(event: SessionEvent, logLevel: LogLevel, quiet: boolean, output: Output): void {
  if (event.type === 'logged') {
    if (LEVELS.indexOf(event.level) >= LEVELS.indexOf(logLevel))
      output.note(`${clockTime(event.atNs)} ${event.level.padEnd(5)} ${event.component}: ${event.text}`);
    return;
  }
  if (quiet) return;
  const { type, ...fields } = event;
  switch (event.type) {
    case 'peerJoined':
      output.result(type, event.peer, null);
      break;
    case 'peerIdentified':
      output.result(type, event.peer, peerText(event.peer));
      break;
    case 'peerLeft':
      output.result(
        type,
        fields,
        `peer ${event.peerId} left${event.reason === null ? '' : `: ${event.reason}`}`,
      );
      break;
    case 'meshChanged':
      output.result(type, fields, `mesh of ${event.pubsubTopic}: ${counted(event.peerIds.length, 'peer')}`);
      break;
    case 'messageRefused':
      output.result(type, fields, `refused a message of ${event.fromPeer ?? 'this node'}: ${event.code}`);
      break;
    case 'topicHealthChanged':
      output.result(type, fields, null);
      break;
    case 'stateChanged':
      output.result(type, { state: event.state }, null);
      break;
    case 'filtersChanged':
      output.result(type, fields, event.filters.map(filterText).join('\n'));
      break;
  }
}

function filterText({ pubsubTopic, contentTopics, served, error }: FilterStatus): string {
  const why = served ? 'served' : error === null ? 'asking' : `not served: ${error.code}`;
  return printable(`filter on ${pubsubTopic}: ${counted(contentTopics.length, 'content topic')}, ${why}`);
}

function peerText({ peerId, agent, direction, addresses }: PeerInfo): string {
  return printable(`peer ${peerId} (${agent}) ${direction} ${addresses[0] ?? ''}`);
}
