/** Settings as text in a form, and back. Pure. */
import { nodeConfigSchema } from '../../../core/engine/config.ts';
import type { Settings, SettingsChange } from '../../../core/operations/live-values.ts';

type Kind =
  | 'number'
  | 'optionalNumber'
  | 'numbers'
  | 'lines'
  | 'text'
  | 'optional'
  | 'yesno'
  | 'level'
  | 'mode'
  | 'secret'
  | 'secrets';

export interface Setting {
  /** A name of the configuration; those of RLN begin with `rln.`, and `rln` switches it. */
  name: string;
  label: string;
  kind: Kind;
  hint?: string;
  /** What of the engine it takes. */
  needs?: 'lightClient' | 'rln';
}

export const SETTINGS: readonly Setting[] = [
  {
    name: 'light',
    label: 'Mode',
    kind: 'mode',
    hint: 'A light client relays nothing: service nodes do it',
    needs: 'lightClient',
  },
  { name: 'clusterId', label: 'Cluster', kind: 'number', hint: 'Peers of other clusters are refused' },
  { name: 'shards', label: 'Shards', kind: 'numbers', hint: 'Relayed from the start; several as 32, 33' },
  {
    name: 'shardsInNetwork',
    label: 'Shards in the network',
    kind: 'number',
    hint: 'For auto-sharding; 0: static only',
  },
  { name: 'pubsubTopics', label: 'Pubsub topics', kind: 'lines', hint: 'Relayed as well, one in a line' },
  {
    name: 'contentTopics',
    label: 'Content topics',
    kind: 'lines',
    hint: 'Their auto-sharding shards are relayed; a light client hears these alone',
  },
  {
    name: 'staticNodes',
    label: 'Static nodes',
    kind: 'lines',
    hint: 'Addresses kept connected, one in a line',
  },
  { name: 'listenAddress', label: 'Listen address', kind: 'text', hint: '127.0.0.1: this machine only' },
  {
    name: 'externalAddress',
    label: 'Address told to others',
    kind: 'optional',
    hint: 'An IP address, where another than its own leads here; empty: its own',
  },
  { name: 'tcpPort', label: 'TCP port', kind: 'number', hint: '0: a free one' },
  {
    name: 'websocketPort',
    label: 'WebSocket port',
    kind: 'optionalNumber',
    hint: 'Beside TCP; 0: a free one, empty: none',
  },
  { name: 'maxConnections', label: 'Connections at most', kind: 'number' },
  { name: 'ipColocationLimit', label: 'Inbound from one IP address', kind: 'number', hint: '0: no limit' },
  {
    name: 'maxMessageBytes',
    label: 'Largest message',
    kind: 'number',
    hint: 'Bytes of the whole message; the public network has 153600',
  },
  {
    name: 'mdns',
    label: 'Discovery by mDNS',
    kind: 'yesno',
    hint: 'Find Waku Desk nodes on the local network',
  },
  {
    name: 'discv5UdpPort',
    label: 'Discovery by discv5',
    kind: 'optionalNumber',
    hint: 'UDP port, for go-waku and nwaku; empty: none',
  },
  {
    name: 'discv5BootstrapNodes',
    label: 'Nodes that discv5 asks first',
    kind: 'lines',
    hint: 'Records (enr:…), one in a line',
  },
  {
    name: 'peerExchange',
    label: 'Peer exchange',
    kind: 'yesno',
    hint: 'Tell others the nodes that discv5 has found',
  },
  { name: 'agentString', label: 'Agent', kind: 'text', hint: 'What identify tells others' },
  { name: 'logLevel', label: 'Log level', kind: 'level' },
];

/** RLN (rate limits): for nwaku. Secrets are never shown, and stay where nothing is typed. */
export const RLN_SETTINGS: readonly Setting[] = [
  { name: 'rln', label: 'RLN', kind: 'yesno', hint: 'Rate limits by membership', needs: 'rln' },
  { name: 'rln.credentialsPath', label: 'Credentials', kind: 'text', hint: 'File with the keystore' },
  { name: 'rln.credentialsPassword', label: 'Password of the credentials', kind: 'secret' },
  { name: 'rln.contractAddress', label: 'Contract', kind: 'text', hint: '0x and 40 hex digits' },
  { name: 'rln.chainRpcUrls', label: 'Chain RPC', kind: 'secrets', hint: 'Addresses, one in a line' },
  { name: 'rln.chainId', label: 'Chain id', kind: 'number' },
  { name: 'rln.epochSeconds', label: 'Epoch', kind: 'number', hint: 'Seconds; 600 by default' },
  { name: 'rln.messageLimit', label: 'Messages per epoch', kind: 'number', hint: '100 by default' },
];
const RLN_DEFAULTS: Readonly<Record<string, string>> = {
  'rln.epochSeconds': '600',
  'rln.messageLimit': '100',
};

export function settingText(settings: Settings, { name, kind }: Setting): string {
  if (name === 'rln') return settings.rln === null ? 'no' : 'yes';
  const rln: Readonly<Record<string, unknown>> = settings.rln ?? {};
  const all: Readonly<Record<string, unknown>> = { ...settings };
  const value = name.startsWith('rln.') ? (rln[name.slice(4)] ?? RLN_DEFAULTS[name] ?? '') : all[name];
  if (Array.isArray(value)) return value.join(kind === 'lines' ? '\n' : ', ');
  if (kind === 'mode') return value === true ? LIGHT : RELAY;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Object.is(value, null) ? '' : String(value);
}

export const RELAY = 'relay node';
export const LIGHT = 'light client';

function valueOf(text: string, kind: Kind): unknown {
  const trimmed = text.trim();
  switch (kind) {
    case 'number':
      return toNumber(trimmed);
    case 'optionalNumber':
      return trimmed === '' ? null : toNumber(trimmed);
    case 'numbers':
      return trimmed
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(toNumber);
    case 'lines':
    case 'secrets':
      return trimmed.split(/\s+/).filter(Boolean);
    case 'yesno':
      return trimmed === 'yes';
    case 'mode':
      return trimmed === LIGHT;
    case 'secret':
      return text;
    case 'optional':
      return trimmed === '' ? null : trimmed;
    case 'text':
    case 'level':
      return trimmed;
  }
}

/** Text that is no number stays text, so that the schema names it. */
function toNumber(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Edits that differ from the settings in force, and what the configuration's schema says against them, by name. */
export function checkEdits(
  settings: Settings,
  edits: Readonly<Record<string, string>>,
): { change: SettingsChange; count: number; problems: Readonly<Record<string, string>> } {
  const isOn = (edits.rln ?? (settings.rln === null ? 'no' : 'yes')) === 'yes';
  const changed = [...SETTINGS, ...RLN_SETTINGS].filter(
    (setting) =>
      edits[setting.name] !== undefined &&
      edits[setting.name] !== settingText(settings, setting) &&
      (isOn || !setting.name.startsWith('rln.')),
  );
  const change: Record<string, unknown> = {};
  const rln: Record<string, unknown> = {};
  for (const { name, kind } of changed) {
    const value = valueOf(edits[name] ?? '', kind);
    if (name.startsWith('rln.')) rln[name.slice(4)] = value;
    else if (name !== 'rln') change[name] = value;
  }
  if (!isOn && settings.rln !== null) change.rln = null;
  if (isOn && (settings.rln === null || Object.keys(rln).length > 0)) change.rln = rln;
  const whole = isOn
    ? { ...(settings.rln === null ? {} : { ...settings.rln, ...KEPT_SECRETS }), ...rln }
    : null;
  const { error } = nodeConfigSchema.safeParse({ ...settings, ...change, rln: whole });
  const problems: Record<string, string> = {};
  for (const { path, message } of error?.issues ?? []) {
    const name = path[0] === 'rln' && path.length > 1 ? `rln.${String(path[1])}` : String(path[0]);
    problems[name] ??= name.startsWith('rln.') && rln[name.slice(4)] === undefined ? 'is needed' : message;
  }
  return { change, count: changed.length, problems };
}

/** In place of what the host keeps and does not tell, for the schema. */
const KEPT_SECRETS = { credentialsPassword: 'kept', chainRpcUrls: ['https://kept.invalid'] };
