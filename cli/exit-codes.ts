/** The one table from error codes to exit codes. Exit codes are stable: scripts test them. */
import type { ErrorCode } from '../core/engine/errors.ts';

export const EXIT = {
  done: 0,
  checkFailed: 1,
  badUse: 2,
  notConnected: 3,
  timedOut: 4,
  refused: 5,
  engineFailed: 6,
} as const;

export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  done, and what was checked does not hold: lost messages, captures that differ, a failed check or
     pass criterion
  2  bad use: a flag, value or file is wrong
  3  could not connect
  4  timed out
  5  refused by the relay rules, or by a service node
  6  engine failed, or the machine: port in use, disk, missing library

Every error has a code, a sentence and a next step, on standard error; with --json as one line of JSON.`;

export function exitCodeOf(code: ErrorCode): number {
  return EXIT[OUTCOMES[code]];
}

const OUTCOMES: Readonly<Record<ErrorCode, keyof typeof EXIT>> = {
  BAD_USE: 'badUse',
  CONFIG_INVALID: 'badUse',
  SCENARIO_INVALID: 'badUse',
  MULTIADDR_INVALID: 'badUse',
  PEER_ID_INVALID: 'badUse',
  NODE_KEY_INVALID: 'badUse',
  FILTER_INVALID: 'badUse',
  TOPIC_INVALID: 'badUse',
  FILE_FAILED: 'badUse',
  CAPTURE_INVALID: 'badUse',
  CAPTURE_LOCKED: 'badUse',
  UNSUPPORTED: 'badUse',
  LIGHT_CLIENT_DISABLED: 'badUse',
  RLN_NEEDS_NWAKU: 'badUse',

  CONNECT_FAILED: 'notConnected',
  WRONG_CLUSTER: 'notConnected',
  PEER_NOT_CONNECTED: 'notConnected',
  NO_PEERS: 'notConnected',
  NO_SERVICE_PEER: 'notConnected',

  TIMED_OUT: 'timedOut',
  PING_FAILED: 'timedOut',

  NOT_SUBSCRIBED: 'refused',
  PAYLOAD_EMPTY: 'refused',
  CONTENT_TOPIC_EMPTY: 'refused',
  MESSAGE_TOO_LARGE: 'refused',
  META_TOO_LARGE: 'refused',
  VERSION_INVALID: 'refused',
  TIMESTAMP_INVALID: 'refused',
  MESSAGE_DUPLICATE: 'refused',
  MESSAGE_MALFORMED: 'refused',
  HASH_MISMATCH: 'refused',
  SERVICE_REFUSED: 'refused',

  CANCELLED: 'done',
  CHECK_FAILED: 'checkFailed',
  FAULT_UNAVAILABLE: 'engineFailed',
  MESSAGE_GONE: 'badUse',
  PORT_IN_USE: 'engineFailed',
  HOST_DISCONNECTED: 'engineFailed',
  LISTEN_FAILED: 'engineFailed',
  NOT_RUNNING: 'engineFailed',
  RESTART_NEEDS_NEW_PROCESS: 'engineFailed',
  ENGINE_FAILED: 'engineFailed',
  LIBRARY_MISSING: 'engineFailed',
  LIBRARY_REFUSED: 'engineFailed',
  CAPTURE_WRITE_FAILED: 'engineFailed',
};
