/** What a filter can ask of a message. Rows of the window, of the CLI and of a capture's index all fit. */
export interface FilterRow {
  readonly dir: 'in' | 'out';
  readonly pubsubTopic: string;
  readonly contentTopic: string;
  /** Payload size in bytes. */
  readonly payloadBytes: number;
  /** 0x and 64 hex digits in lower case, as HashText. */
  readonly hash: string;
  /** Receive time, Unix ns. */
  readonly receivedNs: bigint;
  /** The sender's timestamp, Unix ns; 0 when it gave none. */
  readonly timestampNs: bigint;
  readonly fromPeer: string | null;
  readonly ephemeral: boolean;
  /** The payload as UTF-8 text, replacement characters for what is not. Costly: asked only when needed. */
  payloadText(): string;
}
