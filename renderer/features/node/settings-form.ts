/** Settings as text in a form, and back. Pure. */
import { nodeConfigSchema, type NodeConfigInput } from '../../../core/engine/config.ts';
import type { Settings } from '../../../core/operations/live-values.ts';

export type SettingName = keyof Settings;
type Kind = 'number' | 'numbers' | 'lines' | 'text' | 'yesno' | 'level';

export interface Setting {
  name: SettingName;
  label: string;
  kind: Kind;
  hint?: string;
}

export const SETTINGS: readonly Setting[] = [
  { name: 'clusterId', label: 'Cluster', kind: 'number', hint: 'Peers of other clusters are refused' },
  { name: 'shards', label: 'Shards', kind: 'numbers', hint: 'Relayed from the start: 32, 33' },
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
    hint: 'Their auto-sharding shards are relayed as well',
  },
  {
    name: 'staticNodes',
    label: 'Static nodes',
    kind: 'lines',
    hint: 'Addresses kept connected, one in a line',
  },
  { name: 'listenAddress', label: 'Listen address', kind: 'text', hint: '127.0.0.1: this machine only' },
  { name: 'tcpPort', label: 'TCP port', kind: 'number', hint: '0: a free one' },
  { name: 'maxConnections', label: 'Connections at most', kind: 'number' },
  { name: 'ipColocationLimit', label: 'Inbound from one IP address', kind: 'number', hint: '0: no limit' },
  {
    name: 'maxMessageBytes',
    label: 'Largest message',
    kind: 'number',
    hint: 'Bytes of the whole message; 153600 is the default network',
  },
  {
    name: 'mdns',
    label: 'Discovery by mDNS',
    kind: 'yesno',
    hint: 'Find Waku Desk nodes on the local network',
  },
  { name: 'agentString', label: 'Agent', kind: 'text', hint: 'What identify tells others' },
  { name: 'logLevel', label: 'Log level', kind: 'level' },
];

export function settingText(settings: Settings, { name, kind }: Setting): string {
  const value = settings[name];
  if (Array.isArray(value)) return value.join(kind === 'lines' ? '\n' : ', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function valueOf(text: string, kind: Kind): unknown {
  const trimmed = text.trim();
  switch (kind) {
    case 'number':
      return toNumber(trimmed);
    case 'numbers':
      return trimmed
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(toNumber);
    case 'lines':
      return trimmed.split(/\s+/).filter(Boolean);
    case 'yesno':
      return trimmed === 'yes';
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
): { change: NodeConfigInput; count: number; problems: Readonly<Record<string, string>> } {
  const changed = SETTINGS.filter(
    (setting) => edits[setting.name] !== undefined && edits[setting.name] !== settingText(settings, setting),
  );
  const change: Record<string, unknown> = {};
  for (const { name, kind } of changed) change[name] = valueOf(edits[name] ?? '', kind);
  const { error } = nodeConfigSchema.safeParse({ ...settings, ...change });
  const problems: Record<string, string> = {};
  for (const { path, message } of error?.issues ?? []) problems[String(path[0])] ??= message;
  return { change, count: changed.length, problems };
}
