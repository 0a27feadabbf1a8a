/**
 * The lines that a node library prints, in nwaku's text form: `NTC 2026-01-02 03:04:05.678+00:00 words   key=value …`.
 * Two of them are data: distributed-systems tests read them, and so does the engine.
 */
import type { LogLevel } from '../../core/engine/events.ts';

export type LogLine =
  | { kind: 'received' | 'sent'; myPeer: string; hash: string; peer: string }
  | { kind: 'otherCluster'; peer: string; reason: string }
  | { kind: 'words'; level: LogLevel; component: string; text: string };

/** From the beginning of the line: words of others may stand further behind. */
const RELAY =
  /^[A-Z]{3} \S+ \S+ (received|sent) relay message\s.*? my_peer_id=(\S+) .*?msg_hash=(0x[0-9a-f]+) .*?(?:from|to)_peer_id=(\S+)/i;
const HUNG_UP =
  /^[A-Z]{3} \S+ \S+ disconnecting from peer\s.* peerId=(\S+) .*?reason="(different clusterId reported: [^"]*)"/i;
const SHAPE = /^(TRC|DBG|INF|NTC|NOT|WRN|ERR|FAT) \S+ \S+ (.*?)(?:\s+topics="([^"]*)".*)?$/;

const LEVELS: Readonly<Record<string, LogLevel>> = {
  TRC: 'trace',
  DBG: 'debug',
  INF: 'info',
  NTC: 'info',
  NOT: 'info',
  WRN: 'warn',
  ERR: 'error',
  FAT: 'error',
};

/** Never throws: what has no known shape is words, at level info. */
export function parseLogLine(line: string): LogLine {
  // Cheap first: this runs for every line of every message.
  const relay = line.includes(' relay message') ? RELAY.exec(line) : null;
  const [, verb, myPeer, hash, from] = relay ?? [];
  if (verb !== undefined && myPeer !== undefined && hash !== undefined && from !== undefined)
    return { kind: /sent/i.test(verb) ? 'sent' : 'received', myPeer, hash, peer: from };
  const [, peer, reason] = HUNG_UP.exec(line) ?? [];
  if (peer !== undefined && reason !== undefined) return { kind: 'otherCluster', peer, reason };
  const [, mark = '', text, topics] = SHAPE.exec(line) ?? [];
  return { kind: 'words', level: LEVELS[mark] ?? 'info', component: topics ?? 'node', text: text ?? line };
}

/** Where the words of a line begin. */
const WORDS_AT = 'NTC 2026-01-02 03:04:05.678+00:00 '.length;

/** Whether a line tells of a message that was received or sent, without reading it. */
export function isTransferLine(line: string): boolean {
  return (
    line.startsWith('received relay message', WORDS_AT) || line.startsWith('sent relay message', WORDS_AT)
  );
}
