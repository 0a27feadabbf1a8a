/**
 * Takes a node's secrets out of texts that others wrote: output of processes, logs of libraries, errors. Libraries
 * quote their configuration, so their words pass through here before anybody keeps or shows them.
 */
import type { NodeConfig } from './config.ts';
import { describeCause, WakuDeskError, type ErrorData } from './errors.ts';
import type { EngineEvent } from './events.ts';

export const REDACTED = '<redacted>';

export type Redact = (text: string) => string;

/** `user:password@` of an address. */
const CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#@]+@/gi;
/** `nodekey=…`, `"rlnRelayCredPassword": "…"`, `private key …`, however a library writes it. */
const NAMED =
  /((?:node|private|priv|api|access)[-_ ]?key|pass(?:word|wd|phrase)|secret|ethClientUrls?|ethClientAddress)("?\s*[:=]\s*\[?)(?:some\()?("(?:[^"\\]|\\.)*"|[^\s,"}\])]+)/gi;

/** Shorter ones count only as words of their own: they would tear every text apart. */
const LONG = 6;

/** @returns a function that replaces what this configuration keeps secret, and what looks like a secret */
export function redactor(config: Pick<NodeConfig, 'nodeKey' | 'rln'>): Redact {
  const secrets = [...new Set(secretsOf(config).flatMap(spellings))].filter((secret) => secret !== '');
  // The longest first: an address goes as a whole, and not only its path.
  secrets.sort((a, b) => b.length - a.length);
  const known = secrets.length === 0 ? null : new RegExp(secrets.map(asPattern).join('|'), 'giu');
  return (text) => {
    const unknown = known === null ? text : text.replace(known, REDACTED);
    return unknown.replace(CREDENTIALS, `$1${REDACTED}@`).replace(NAMED, `$1$2${REDACTED}`);
  };
}

/** An error whose words may be a library's. */
export function redactedError(error: ErrorData, redact: Redact): ErrorData {
  const { message, hint, cause } = error;
  const told = { ...error, message: redact(message), hint: redact(hint) };
  return cause === undefined ? told : { ...told, cause: redact(cause) };
}

/** Whatever was thrown, without secrets: itself where it has none. */
export function redactedFailure(error: unknown, redact: Redact): unknown {
  if (error instanceof WakuDeskError) {
    const data = error.toData();
    const told = redactedError(data, redact);
    return isSame(told, data) ? error : WakuDeskError.fromData(told);
  }
  if (!(error instanceof Error)) return error;
  const words = describeCause(error);
  return redact(words) === words ? error : new Error(redact(words));
}

/** What an engine tells, without secrets. Messages are the network's and hold none of ours. */
export function redactedEvent<Event extends EngineEvent>(event: Event, redact: Redact): Event {
  switch (event.type) {
    case 'logged':
      return { ...event, text: redact(event.text) };
    case 'gapped':
      return { ...event, detail: redact(event.detail) };
    case 'stateChanged':
      return event.error === null ? event : { ...event, error: redactedError(event.error, redact) };
    default:
      return event;
  }
}

function isSame(a: ErrorData, b: ErrorData): boolean {
  return a.message === b.message && a.hint === b.hint && a.cause === b.cause;
}

function secretsOf({ nodeKey, rln }: Pick<NodeConfig, 'nodeKey' | 'rln'>): string[] {
  const key = nodeKey === null ? [] : [nodeKey.replace(/^0x/, '')];
  return rln === null ? key : [...key, rln.credentialsPassword, ...rln.chainRpcUrls.flatMap(partsOf)];
}

/** An access key stands in the path, the query or before the host, and is logged without the rest at times. */
function partsOf(address: string): string[] {
  const { username, password, pathname, search } = new URL(address);
  const parts = [
    pathname.slice(1),
    search.slice(1),
    ...pathname.split('/'),
    ...search.slice(1).split(/[&=]/),
  ];
  const bare = address.replace(/\/+$/, '');
  return [bare, username, password, ...parts.filter((part) => part.length >= LONG)];
}

/** As it is, in JSON, and in an address. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

function asPattern(secret: string): string {
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return secret.length >= LONG ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
}
