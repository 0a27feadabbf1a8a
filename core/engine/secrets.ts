/**
 * What of a configuration must never be seen. Libraries quote their configuration in log lines and errors, so their
 * words pass through here before anybody keeps or shows them.
 */
import type { NodeConfig } from './config.ts';
import { describeCause, WakuDeskError, type ErrorData } from './errors.ts';
import type { EngineEvent } from './events.ts';

export const HIDDEN = '‹secret›';

export type Redact = (text: string) => string;

/** Shorter ones count only as words of their own: they would tear every text apart. */
const LONG = 6;

/** @returns replaces every secret of the configuration in a text, in the spellings that a log may use */
export function redactor(config: Pick<NodeConfig, 'nodeKey' | 'rln'>): Redact {
  const secrets = [...new Set(secretsOf(config).flatMap(spellings))].filter((secret) => secret !== '');
  if (secrets.length === 0) return (text) => text;
  // The longest first: an address goes as a whole, and not only its path.
  secrets.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(secrets.map(asPattern).join('|'), 'giu');
  return (text) => text.replace(pattern, HIDDEN);
}

export function redactData(error: ErrorData, redact: Redact): ErrorData {
  const { message, hint, cause } = error;
  const told = { ...error, message: redact(message), hint: redact(hint) };
  return cause === undefined ? told : { ...told, cause: redact(cause) };
}

/** An error without secrets: itself where it has none. */
export function redactError(error: unknown, redact: Redact): unknown {
  if (error instanceof WakuDeskError) {
    const data = error.toData();
    const told = redactData(data, redact);
    return isSame(told, data) ? error : WakuDeskError.fromData(told);
  }
  if (!(error instanceof Error)) return error;
  const words = describeCause(error);
  return redact(words) === words ? error : new Error(redact(words));
}

/** What an engine tells, without secrets. Messages are the network's and hold none of ours. */
export function redactEvent<Event extends EngineEvent>(event: Event, redact: Redact): Event {
  switch (event.type) {
    case 'logged':
      return { ...event, text: redact(event.text) };
    case 'gapped':
      return { ...event, detail: redact(event.detail) };
    case 'stateChanged':
      return event.error === null ? event : { ...event, error: redactData(event.error, redact) };
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
function partsOf(url: string): string[] {
  const { username, password, pathname, search } = new URL(url);
  const parts = [
    pathname.slice(1),
    search.slice(1),
    ...pathname.split('/'),
    ...search.slice(1).split(/[&=]/),
  ];
  return [url, username, password, ...parts.filter((part) => part.length >= LONG)];
}

/** As it is, in JSON, and in an address. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

function asPattern(secret: string): string {
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return secret.length >= LONG ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
}
