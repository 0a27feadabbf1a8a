/**
 * The lines that wakunode2 logs of each message and peer, and that measurements read: what was received, and what was
 * really sent. In its own form, so that one analysis reads every node.
 */
import { createHash } from 'node:crypto';
import { nowNs } from '../../core/engine/clock.ts';
import { shortPeerId } from '../../core/engine/relay-line.ts';
import { messageHashText, type HashText } from '../../core/waku/hash.ts';
import type { WakuMessage } from '../../core/waku/message.ts';

export interface Transfer {
  isSent: boolean;
  myPeer: string;
  peer: string;
  pubsubTopic: string;
  message: WakuMessage;
  /** As it is on the wire: gossipsub's id is made of it. */
  data: Uint8Array;
}

/** Which width wakunode2 pads its words to. */
const WORDS_WIDTH = 42;
/** Of each end of gossipsub's id, in hexadecimal digits. */
const ID_SHOWN = 12;

export class RelayLines {
  /** A message goes to many peers in a row: hashed once. */
  #last: { data: Uint8Array; hash: HashText; id: string } | null = null;

  /** Without a line feed. */
  line({ isSent, myPeer, peer, pubsubTopic, message, data }: Transfer): string {
    const { hash, id } = this.#names(pubsubTopic, message, data);
    const atNs = nowNs();
    const time = new Date(Number(atNs / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', '+00:00');
    const words = (isSent ? 'sent relay message' : 'received relay message').padEnd(WORDS_WIDTH);
    const [peerKey, timeKey] = isSent ? ['to_peer_id', 'sentTime'] : ['from_peer_id', 'receivedTime'];
    return (
      `NTC ${time} ${words} topics="waku relay" tid=1 file=relay-lines.ts my_peer_id=${shortPeerId(myPeer)} ` +
      `msg_hash=${hash} msg_id=${id} ${peerKey}=${shortPeerId(peer)} topic=${pubsubTopic} ` +
      `${timeKey}=${atNs} payloadSizeBytes=${message.payload.length}`
    );
  }

  #names(pubsubTopic: string, message: WakuMessage, data: Uint8Array): { hash: HashText; id: string } {
    if (this.#last?.data === data) return this.#last;
    const digest = createHash('sha256').update(data).digest('hex');
    const id = `${digest.slice(0, ID_SHOWN)}...${digest.slice(-ID_SHOWN)}`;
    this.#last = { data, hash: messageHashText(pubsubTopic, message), id };
    return this.#last;
  }
}
