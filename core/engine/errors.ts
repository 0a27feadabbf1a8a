/**
 * The one error type of the program. Every failure that a user can cause or meet has a code, a plain sentence
 * and a next step; hosts map the code to an exit code, an HTTP status or a place in the window.
 */

/** Codes are stable: scripts and tests match on them. What each means stands beside it. */
export const ERROR_CODES = {
  /** A flag, key or value is not what it should be. */
  BAD_USE: 'BAD_USE',
  /** A configuration value is refused by the schema. */
  CONFIG_INVALID: 'CONFIG_INVALID',
  /** Text is not a multiaddr that can be dialled, or names no peer where one is needed. */
  MULTIADDR_INVALID: 'MULTIADDR_INVALID',
  /** Text is not a peer id. */
  PEER_ID_INVALID: 'PEER_ID_INVALID',
  /** A node key is not 32 bytes of a secp256k1 secret in hex. */
  NODE_KEY_INVALID: 'NODE_KEY_INVALID',
  /** A filter expression cannot be read. */
  FILTER_INVALID: 'FILTER_INVALID',
  /** A pubsub topic is not `/waku/2/rs/<cluster>/<shard>`. */
  TOPIC_INVALID: 'TOPIC_INVALID',

  /** Relay rules: see relay-rules.ts. */
  NOT_SUBSCRIBED: 'NOT_SUBSCRIBED',
  PAYLOAD_EMPTY: 'PAYLOAD_EMPTY',
  CONTENT_TOPIC_EMPTY: 'CONTENT_TOPIC_EMPTY',
  MESSAGE_TOO_LARGE: 'MESSAGE_TOO_LARGE',
  META_TOO_LARGE: 'META_TOO_LARGE',
  VERSION_INVALID: 'VERSION_INVALID',
  TIMESTAMP_INVALID: 'TIMESTAMP_INVALID',
  MESSAGE_DUPLICATE: 'MESSAGE_DUPLICATE',
  MESSAGE_MALFORMED: 'MESSAGE_MALFORMED',
  HASH_MISMATCH: 'HASH_MISMATCH',

  /** The peer cannot be reached: nobody listens, it hung up, or the handshake failed. */
  CONNECT_FAILED: 'CONNECT_FAILED',
  /** The peer answers the metadata protocol with another cluster. */
  WRONG_CLUSTER: 'WRONG_CLUSTER',
  /** The peer is not connected. */
  PEER_NOT_CONNECTED: 'PEER_NOT_CONNECTED',
  /** A ping got no answer. */
  PING_FAILED: 'PING_FAILED',
  /** Nobody to publish to: no connected peer is on this shard. */
  NO_PEERS: 'NO_PEERS',
  /** The time that the caller gave ran out. */
  TIMED_OUT: 'TIMED_OUT',
  /** The caller cancelled. */
  CANCELLED: 'CANCELLED',

  /** A check was made to its end, and what it looked for does not hold. */
  CHECK_FAILED: 'CHECK_FAILED',

  /** The listen address is taken or cannot be bound. */
  PORT_IN_USE: 'PORT_IN_USE',
  LISTEN_FAILED: 'LISTEN_FAILED',
  /** The engine is not running, so it cannot do that. */
  NOT_RUNNING: 'NOT_RUNNING',
  /** This engine, or this build, cannot do that at all. */
  UNSUPPORTED: 'UNSUPPORTED',
  /** The nwaku build has no light client. */
  LIGHT_CLIENT_DISABLED: 'LIGHT_CLIENT_DISABLED',
  /** RLN belongs to nwaku alone. */
  RLN_NEEDS_NWAKU: 'RLN_NEEDS_NWAKU',
  /** No connected peer offers the service (filter, lightpush) that the call needs. */
  NO_SERVICE_PEER: 'NO_SERVICE_PEER',
  /** A service node (filter, lightpush, store) answered with an error. */
  SERVICE_REFUSED: 'SERVICE_REFUSED',
  /** The node library of the engine is not on this machine. */
  LIBRARY_MISSING: 'LIBRARY_MISSING',
  /** The node library is there and cannot be used: not as recorded, of a release that is not spoken, of another system. */
  LIBRARY_REFUSED: 'LIBRARY_REFUSED',
  /** The engine cannot start twice in one process. */
  RESTART_NEEDS_NEW_PROCESS: 'RESTART_NEEDS_NEW_PROCESS',
  /** A window has no connection to the program that it belongs to. */
  HOST_DISCONNECTED: 'HOST_DISCONNECTED',
  /** A scenario of a simulation cannot be read, or describes what cannot be. */
  SCENARIO_INVALID: 'SCENARIO_INVALID',
  /** A fault that this machine cannot make: a program or a part of the kernel is missing. */
  FAULT_UNAVAILABLE: 'FAULT_UNAVAILABLE',
  /** The engine broke, or its process died. */
  ENGINE_FAILED: 'ENGINE_FAILED',

  /** The folder is not a capture, or of a newer format. */
  CAPTURE_INVALID: 'CAPTURE_INVALID',
  /** Another process writes this capture. */
  CAPTURE_LOCKED: 'CAPTURE_LOCKED',
  /** The disk refused a write. */
  CAPTURE_WRITE_FAILED: 'CAPTURE_WRITE_FAILED',
  /** The message was removed from the capture to keep within its size. */
  MESSAGE_GONE: 'MESSAGE_GONE',
  /** A file that the user named cannot be read or written. */
  FILE_FAILED: 'FILE_FAILED',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A {@link WakuDeskError} as plain data, to cross a process boundary or to be printed. */
export interface ErrorData {
  code: ErrorCode;
  /** What was tried, as `group.verb`, such as `engine.connect`. */
  operation: string;
  /** One plain sentence: what is wrong. */
  message: string;
  /** One plain sentence: what to do now. */
  hint: string;
  /** The cause's own words, for a bug report. */
  cause?: string;
}

export interface ErrorDetails {
  operation: string;
  hint: string;
  cause?: unknown;
}

export class WakuDeskError extends Error {
  readonly code: ErrorCode;
  readonly operation: string;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, { operation, hint, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'WakuDeskError';
    this.code = code;
    this.operation = operation;
    this.hint = hint;
  }

  toData(): ErrorData {
    const data: ErrorData = {
      code: this.code,
      operation: this.operation,
      message: this.message,
      hint: this.hint,
    };
    return this.cause === undefined ? data : { ...data, cause: describeCause(this.cause) };
  }

  static fromData(data: ErrorData): WakuDeskError {
    return new WakuDeskError(data.code, data.message, data);
  }
}

/**
 * Any thrown value as a WakuDeskError: one that already is one stays itself, anything else becomes
 * `fallback.code` with the value as its cause.
 */
export function asWakuDeskError(
  error: unknown,
  fallback: { code: ErrorCode; operation: string; message?: string; hint: string },
): WakuDeskError {
  if (error instanceof WakuDeskError) return error;
  return new WakuDeskError(fallback.code, fallback.message ?? describeCause(error), {
    operation: fallback.operation,
    hint: fallback.hint,
    cause: error,
  });
}

/** The words of a thrown value and of what caused it, in one line and without a stack. */
export function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  return error.cause === undefined ? own : `${own} (${describeCause(error.cause)})`;
}
