/** Prometheus' text format 0.0.4, for what is added to an engine's own metrics. */

export interface Sample {
  /** Behind the name of the family. */
  suffix?: string;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

export interface Family {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  samples: readonly Sample[];
}

/** The families of which a text has no sample yet, behind it. */
export function completed(text: string, families: readonly Family[]): string {
  const there = new Set([...text.matchAll(/^[a-zA-Z_:][\w:]*/gm)].map(([name]) => name));
  const missing = families.filter(
    ({ name, samples }) => samples.length > 0 && !samples.some(({ suffix = '' }) => there.has(name + suffix)),
  );
  return text + missing.map(familyText).join('');
}

function familyText({ name, type, samples }: Family): string {
  const lines = samples.map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelsText(labels)} ${String(value)}\n`,
  );
  return `# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Values come from peers as well. */
function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
