/** A connection to a host, as the client needs it: one adapter for WebSockets here, one for Electron's ports there. */
import type { ClientMessage } from './protocol.ts';

export interface ChannelEnd {
  /** A phrase for people: why it ended. */
  reason: string;
  /** The host does not admit this client, so that trying again soon does not help. */
  refused: boolean;
}

export interface ChannelEvents {
  opened(): void;
  /** A message as it came: nothing about it is checked. */
  received(message: unknown): void;
  /** Exactly once, also when it never opened; nothing comes after it. */
  closed(end: ChannelEnd): void;
}

export interface Channel {
  /** Only between opened and closed. */
  send(message: ClientMessage): void;
  /** Idempotent. `closed` need not follow. */
  close(): void;
}

/** Begins one connection. Never throws, and calls back in a later turn only. */
export type OpenChannel = (events: ChannelEvents) => Channel;
