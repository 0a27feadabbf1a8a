/** Answers as wakunode2 gives them, and the one table from error codes to status. */
import type { ErrorCode, WakuDeskError } from '../../core/engine/errors.ts';
import { jsonText } from './json.ts';

export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

export const TEXT = 'text/plain';
export const JSON_TYPE = 'application/json';
/** What the HTTP server below wakunode2 says of itself. */
export const HTML = 'text/html; charset=utf-8';

export function text(status: number, body = ''): Answer {
  return { status, contentType: TEXT, body };
}

export function json(value: unknown, status = 200): Answer {
  return { status, contentType: JSON_TYPE, body: jsonText(value) };
}

export const OK = text(200, 'OK');
export const NOT_FOUND = text(404);

/** An answer of this status says what went wrong in the words of the error. */
export function failed(error: WakuDeskError, prefix = ''): Answer {
  return text(STATUS[error.code], `${prefix}${error.code}: ${error.message} ${error.hint}`);
}

export function statusOf(code: ErrorCode): number {
  return STATUS[code];
}

const STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_USE: 400,
  CONFIG_INVALID: 400,
  SCENARIO_INVALID: 400,
  MULTIADDR_INVALID: 400,
  PEER_ID_INVALID: 400,
  NODE_KEY_INVALID: 400,
  FILTER_INVALID: 400,
  TOPIC_INVALID: 400,
  NOT_SUBSCRIBED: 400,
  PAYLOAD_EMPTY: 400,
  CONTENT_TOPIC_EMPTY: 400,
  MESSAGE_TOO_LARGE: 400,
  META_TOO_LARGE: 400,
  VERSION_INVALID: 400,
  TIMESTAMP_INVALID: 400,
  MESSAGE_MALFORMED: 400,
  HASH_MISMATCH: 400,
  // Published is published, whoever hears it: as wakunode2.
  MESSAGE_DUPLICATE: 200,
  NO_PEERS: 200,

  CONNECT_FAILED: 400,
  WRONG_CLUSTER: 400,
  PEER_NOT_CONNECTED: 404,
  PING_FAILED: 504,
  TIMED_OUT: 504,
  CANCELLED: 503,
  CHECK_FAILED: 500,
  FAULT_UNAVAILABLE: 500,
  NO_SERVICE_PEER: 503,
  SERVICE_REFUSED: 503,

  UNSUPPORTED: 501,
  LIGHT_CLIENT_DISABLED: 501,
  RLN_NEEDS_NWAKU: 501,

  NOT_RUNNING: 503,
  RESTART_NEEDS_NEW_PROCESS: 503,
  HOST_DISCONNECTED: 503,
  PORT_IN_USE: 500,
  LISTEN_FAILED: 500,
  ENGINE_FAILED: 500,
  LIBRARY_MISSING: 500,
  LIBRARY_REFUSED: 500,
  CAPTURE_INVALID: 500,
  CAPTURE_LOCKED: 500,
  CAPTURE_WRITE_FAILED: 500,
  MESSAGE_GONE: 404,
  FILE_FAILED: 500,
};
