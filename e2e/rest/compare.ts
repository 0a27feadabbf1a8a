/** Compares an answer with the recorded one, up to what is another node's own. */
import type { Called } from './call.ts';
import type { Recorded } from './recorded.ts';

/** What our nodes are called in the recording. */
export interface Names {
  peerIds: Readonly<Record<string, string>>;
  /** Fields that the engine has nothing for. */
  withoutFields: readonly string[];
}

/** @returns what differs, or null */
export function difference(recorded: Recorded, ours: Called, names: Names): string | null {
  if (ours.status !== recorded.status) return `status ${ours.status}, not ${recorded.status ?? 'death'}`;
  if (ours.contentType !== recorded.contentType)
    return `content type ${ours.contentType ?? 'none'}, not ${recorded.contentType ?? 'none'}`;
  const wanted = recorded.response ?? '';
  if (recorded.path.endsWith('/version'))
    return /^"[^"]+"$/.test(ours.text) ? null : `${ours.text} is not in quotes`;
  // Which they are is compared in metrics.test.ts.
  if (recorded.id === 'metrics.get') return null;
  const isOfText = recorded.path.startsWith('/relay/v1/') || recorded.id.endsWith('.notMounted');
  if (isOfText || !/^[[{]/.test(wanted)) return textDifference(wanted, ours.text, names);
  const left = new Set(names.withoutFields);
  const reviver = (name: string, value: unknown): unknown => (left.has(name) ? undefined : value);
  return shapeDifference(JSON.parse(wanted, reviver), JSON.parse(ours.text), '');
}

/** Exact, but for placeholders. */
export function textDifference(wanted: string, ours: string, names: Names): string | null {
  if (patternOf(wanted, names).test(ours)) return null;
  return `${JSON.stringify(ours.slice(0, 300))}, not ${JSON.stringify(wanted.slice(0, 300))}`;
}

function patternOf(wanted: string, { peerIds }: Names): RegExp {
  const placeholders: Readonly<Record<string, string>> = {
    ns: String.raw`\d{19}`,
    words: '.+',
    ip: '[0-9.]+',
    tcpPort: String.raw`\d+`,
    peerId: '16Uiu2HA\\w+',
    enr: '.*',
    ...peerIds,
  };
  const pattern = wanted
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/<(\w+)>/g, (whole, name: string) => placeholders[name] ?? whole)
    .replace(/<base64 of (\d+) chars>/g, (_whole, count: string) => `[\\w+/=]{${count}}`);
  return new RegExp(`^${pattern}$`, 's');
}

/** Names of fields, types of values, and words out of a set; lists by each of their items that there are. */
function shapeDifference(wanted: unknown, ours: unknown, at: string): string | null {
  if (Array.isArray(wanted) && Array.isArray(ours)) {
    const first: unknown = wanted[0];
    // Protocols and shards are each node's own; a list that was empty has no shape.
    if (first === undefined || typeof first !== 'object') return null;
    if (at.endsWith('protocolsHealth')) return protocolsDifference(wanted, ours);
    return firstOf(ours.map((item, i) => shapeDifference(wanted[i] ?? first, item, `${at}[${i}]`)));
  }
  if (!isObject(wanted) || !isObject(ours)) {
    if (typeof wanted !== typeof ours) return `${at} is ${typeof ours}, not ${typeof wanted}`;
    const isWord = /\.(connected|origin|nodeHealth)$/.test(at);
    return isWord && wanted !== ours ? `${at} is ${String(ours)}, not ${String(wanted)}` : null;
  }
  const names = (value: object): string => namesOf(value).join(', ');
  if (names(wanted) !== names(ours)) return `${at} has ${names(ours)}, not ${names(wanted)}`;
  return firstOf(namesOf(wanted).map((name) => shapeDifference(wanted[name], ours[name], `${at}.${name}`)));
}

function protocolsDifference(wanted: readonly unknown[], ours: readonly unknown[]): string | null {
  const states = (list: readonly unknown[]): string =>
    list.map((item) => (isObject(item) ? Object.entries(item)[0]?.join(' ') : String(item))).join(', ');
  return states(wanted) === states(ours) ? null : `protocols ${states(ours)}, not ${states(wanted)}`;
}

/** Shards are keys in statistics: which there are is no matter of form. */
function namesOf(value: object): string[] {
  return Object.keys(value).filter((name) => !/^\d+$/.test(name));
}

function firstOf(differences: readonly (string | null)[]): string | null {
  return differences.find((one) => one !== null) ?? null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
