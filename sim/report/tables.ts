/** The tables of a report. Each is left out where it would have no rows. */
import type { NodeSummary, Summary } from '../results/summary.ts';
import type { Distribution } from '../traffic/distribution.ts';
import { html, table, type Column, type Markup } from './html.ts';
import { publishedBeside } from './published.ts';
import { count, kib, MIB, ms, seconds } from './words.ts';

const SHOWN_TARGETS = 8;

export function times({ latencyMs, propagationMs, traffic, recoveryMs }: Summary): Markup | null {
  if (traffic.sent === 0) return null;
  const rows: [string, Distribution | null][] = [
    ['latency to one node, first messages counted', latencyMs.all],
    ['latency to one node, without each sender’s first', latencyMs.withoutFirst],
    ['until all nodes have it, first messages counted', propagationMs.all],
    ['until all nodes have it, without each sender’s first', propagationMs.withoutFirst],
    ['senders behind their plans (in no latency)', traffic.lateMs],
  ];
  const figure = (head: 'min' | 'p50' | 'p95' | 'p99' | 'max'): Column<(typeof rows)[number]> => ({
    head,
    isNumber: true,
    cell: ([, distribution]) => ms(distribution?.[head]),
  });
  return html`<h2>Times</h2>
    ${table(
      `Exact percentiles (nearest rank)${rows.some(([, one]) => one?.exact === false) ? ', of a sample where there were more than a million' : ''}.`,
      [
        { head: 'what', cell: ([name]) => name },
        { head: 'count', isNumber: true, cell: ([, one]) => count(one?.count ?? 0) },
        figure('min'),
        figure('p50'),
        figure('p95'),
        figure('p99'),
        figure('max'),
      ],
      rows,
    )}${recoveryMs === null ? null : html`<p>Everybody got everything again ${ms(recoveryMs)} after the last fault’s end.</p>`}`;
}

export function published(summary: Summary): Markup | null {
  const figures = publishedBeside(summary);
  if (figures.length === 0) return null;
  return html`<h2>Beside published figures</h2>
    ${table(
      'The load is theirs; the machine and the number of nodes are not, so this says whether the order of size is right.',
      [
        { head: 'published', cell: ({ who }) => who },
        { head: 'their figure', cell: ({ figure }) => figure },
        { head: 'here', cell: ({ here }) => here },
        { head: 'what differs', cell: ({ differs }) => differs },
      ],
      figures,
    )}`;
}

export function nodes({ nodes: all }: Pick<Summary, 'nodes'>): Markup | null {
  if (all.length === 0) return null;
  const columns: Column<NodeSummary>[] = [
    { head: 'node', cell: ({ name }) => name },
    { head: 'engine', cell: ({ engine }) => engine },
    { head: 'links', isNumber: true, cell: ({ links }) => count(links) },
    { head: 'mesh', isNumber: true, cell: ({ meshMean }) => (meshMean === null ? '' : meshMean.toFixed(1)) },
    {
      head: 'delivered',
      isNumber: true,
      cell: ({ delivery }) => `${count(delivery.arrived)} / ${count(delivery.expected)}`,
    },
    { head: 'p50', isNumber: true, cell: ({ latencyMs }) => ms(latencyMs?.p50) },
    { head: 'p99', isNumber: true, cell: ({ latencyMs }) => ms(latencyMs?.p99) },
    { head: 'in', isNumber: true, cell: ({ inBytesPerSecond }) => kib(inBytesPerSecond) },
    { head: 'out', isNumber: true, cell: ({ outBytesPerSecond }) => kib(outBytesPerSecond) },
    {
      head: 'CPU',
      isNumber: true,
      cell: ({ cpuPercentMean, sharesProcessWith }) =>
        cpuPercentMean === null ? '' : `${cpuPercentMean.toFixed(0)} %${shared(sharesProcessWith)}`,
    },
    {
      head: 'memory',
      isNumber: true,
      cell: ({ rssBytesMax, sharesProcessWith }) =>
        rssBytesMax === null ? '' : `${(rssBytesMax / MIB).toFixed(0)} MiB${shared(sharesProcessWith)}`,
    },
    {
      head: 'captured',
      isNumber: true,
      cell: ({ captured, notCaptured }) =>
        `${count(captured)}${notCaptured === 0 ? '' : `, ${count(notCaptured)} not`}`,
    },
    {
      head: 'failures',
      isNumber: true,
      cell: ({ failures }) => (failures === 0 ? '0' : html`<span class="bad">${count(failures)}</span>`),
    },
  ];
  return html`<h2>Nodes</h2>
    ${table(
      'Latencies with first messages counted. CPU and memory are of the node’s process, ÷ n where n nodes share it; the most memory seen.',
      columns,
      all,
    )}`;
}

function shared(nodesInProcess: number): string {
  return nodesInProcess === 1 ? '' : ` ÷ ${nodesInProcess}`;
}

export function faults({ faults: all }: Pick<Summary, 'faults'>): Markup | null {
  if (all.length === 0) return null;
  return html`<h2>Faults</h2>
    ${table(
      'In the order in which they were made and undone.',
      [
        { head: 'at', isNumber: false, cell: ({ atMs }) => seconds(atMs) },
        { head: 'fault', cell: ({ fault }) => fault },
        { head: 'what was done', cell: ({ deed }) => deed },
        {
          head: 'to',
          cell: ({ targets }) =>
            `${targets.slice(0, SHOWN_TARGETS).join(', ')}${targets.length > SHOWN_TARGETS ? ` and ${targets.length - SHOWN_TARGETS} more` : ''}`,
        },
        { head: '', cell: ({ ok }) => (ok ? 'done' : html`<span class="bad">failed</span>`) },
      ],
      all,
    )}`;
}

export function pings({ pings: all }: Pick<Summary, 'pings'>): Markup | null {
  if (all.length === 0) return null;
  return html`<h2>Links</h2>
    ${table(
      'Round trips of the ping protocol over the links; a cut link answers none.',
      [
        { head: 'when', cell: ({ when, atMs }) => (atMs === null ? when : `${when}, ${seconds(atMs)}`) },
        { head: 'links', isNumber: true, cell: ({ links }) => count(links) },
        { head: 'median', isNumber: true, cell: ({ medianMs }) => ms(medianMs) },
        { head: 'most', isNumber: true, cell: ({ maxMs }) => ms(maxMs) },
        { head: 'without an answer', isNumber: true, cell: ({ unanswered }) => count(unanswered) },
      ],
      all,
    )}`;
}
