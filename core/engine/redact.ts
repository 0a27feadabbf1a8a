/** Takes a node's secrets out of texts that others wrote: output of processes, logs of libraries, errors. */
import type { NodeConfig } from './config.ts';
import type { ErrorData } from './errors.ts';

export const REDACTED = '<redacted>';

/** `user:password@` of an address. */
const CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#@]+@/gi;
/** `nodekey=…`, `"rlnRelayCredPassword": "…"`, `private key …`, however a library writes it. */
const NAMED =
  /((?:node|private|priv|api|access)[-_ ]?key|pass(?:word|wd|phrase)|secret|ethClientUrls?|ethClientAddress)("?\s*[:=]\s*\[?)(?:some\()?("[^"]*"|[^\s,"}\])]+)/gi;

/** @returns a function that replaces what this configuration keeps secret, and what looks like a secret */
export function redactor({ nodeKey, rln }: NodeConfig): (text: string) => string {
  const secrets = [
    ...(nodeKey === null ? [] : [nodeKey.replace(/^0x/, '')]),
    ...(rln === null ? [] : [rln.credentialsPassword, ...rln.chainRpcUrls.flatMap(secretsOf)]),
  ].sort((a, b) => b.length - a.length);
  const known = secrets.length === 0 ? null : new RegExp(secrets.map(escaped).join('|'), 'gi');
  return (text) => {
    const named = text.replace(CREDENTIALS, `$1${REDACTED}@`).replace(NAMED, `$1$2${REDACTED}`);
    return known === null ? named : named.replace(known, REDACTED);
  };
}

/** The address as written and as libraries print it; its path may be a key of access. */
function secretsOf(address: string): string[] {
  const { pathname, search } = new URL(address);
  const bare = address.replace(/\/+$/, '');
  return [bare, `${pathname}${search}`].filter((text) => text.length > 1);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** An error whose words may be a library's. */
export function redactedError(error: ErrorData, redact: (text: string) => string): ErrorData {
  const { cause } = error;
  const words = { ...error, message: redact(error.message), hint: redact(error.hint) };
  return cause === undefined ? words : { ...words, cause: redact(cause) };
}
