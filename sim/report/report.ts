/** report.html: one file that needs nothing else, from what a run has measured. */
import { percent } from '../results/criteria.ts';
import type { CriterionResult, NodeSummary, Summary } from '../results/summary.ts';
import type { RunRecord } from '../run/run.ts';
import type { Distribution } from '../traffic/distribution.ts';
import { chart, type Chart } from './chart.ts';
import { html, Markup, table, type Column } from './html.ts';
import { publishedBeside } from './published.ts';
import {
  bandwidthOverTime,
  deliveryOverTime,
  faultMarks,
  latencyCdf,
  overTime,
  propagationCurve,
} from './series.ts';
import { STYLE } from './style.ts';

const MIB = 1_024 * 1_024;
const SHOWN_TARGETS = 8;
const SHOWN_PROBLEMS = 50;

const OUTCOMES: Readonly<Record<Summary['outcome'], { word: string; look: string }>> = {
  passed: { word: '✓ passed', look: 'good' },
  failed: { word: '✗ failed', look: 'bad' },
  interrupted: { word: '◼ interrupted', look: 'notice' },
  broken: { word: '✗ could not be run to its end', look: 'bad' },
};

export function reportHtml(summary: Summary, record: RunRecord): string {
  const { word, look } = OUTCOMES[summary.outcome];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${summary.name}: ${summary.outcome} – Waku Desk</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${summary.name}<span class="outcome ${look}">${word}</span></h1>
          <p class="about">${summary.about}</p>
        </header>
        <main>
          ${tiles(summary)}${criteria(summary)}${problems(summary)}
          <h2>Delivery and time</h2>
          <div class="charts">${charts(record)}</div>
          ${times(summary)}${published(summary)}
          <h2>Nodes</h2>
          ${nodes(summary)} ${faults(summary)}${pings(summary)}${conditions(summary)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function tiles(summary: Summary): Markup {
  const {
    delivery,
    latencyMs,
    propagationMs,
    bandwidth,
    warmUp,
    nodeCount,
    linkCount,
    engines,
    traffic,
    trafficMs,
  } = summary;
  const kinds = Object.entries(engines).map(([kind, count]) => `${count} ${kind}`);
  const all: [string, string, string][] = [
    [
      'delivered',
      delivery.ratio === null ? 'none expected' : percent(delivery.ratio),
      `${count(delivery.arrived)} of ${count(delivery.expected)} expected`,
    ],
    [
      'latency to one node',
      `${ms(latencyMs.all?.p50)} / ${ms(latencyMs.all?.p99)}`,
      'p50 / p99, first messages counted',
    ],
    [
      'until all nodes have it',
      `${ms(propagationMs.all?.p50)} / ${ms(propagationMs.all?.max)}`,
      `p50 / max, first messages counted; ${count(propagationMs.incomplete)} messages missed somebody`,
    ],
    [
      'bandwidth of the mean node',
      bandwidth === null ? 'not counted' : `${kib(bandwidth.inMean)} in`,
      bandwidth === null ? '' : `${kib(bandwidth.outMean)} out, with encryption`,
    ],
    ['nodes', count(nodeCount), `${kinds.join(', ')}; ${count(linkCount)} links, ${summary.topology}`],
    ['time to mesh', ms(warmUp.meshMs), `after the last of the first nodes was up, ${ms(warmUp.nodesUpMs)}`],
    [
      'traffic',
      `${count(traffic.accepted)} messages`,
      `of ${count(traffic.planned)} planned, in ${(trafficMs / 1_000).toFixed(1)} s`,
    ],
  ];
  return html`<ul class="tiles">
    ${all.map(([name, value, about]) => html`<li>${name}<b>${value}</b><span>${about}</span></li>`)}
  </ul>`;
}

function criteria({ criteria: results }: Summary): Markup {
  const columns: Column<CriterionResult>[] = [
    {
      head: '',
      cell: ({ passed }) =>
        passed ? html`<span class="good">✓ pass</span>` : html`<span class="bad">✗ fail</span>`,
    },
    { head: 'criterion', cell: ({ text }) => text },
    { head: 'seen', isNumber: true, cell: seen },
    { head: '', cell: ({ detail }) => detail },
  ];
  return html`<h2>Pass criteria</h2>
    ${table('What the scenario asks for, and what was seen.', columns, results)}`;
}

function seen({ value, unit }: CriterionResult): string {
  if (value === null) return 'nothing';
  if (unit === 'share') return percent(value);
  return unit === 'ms' ? ms(value) : unit === 'bytes/s' ? kib(value) : `${count(value)} ${unit}`;
}

function problems({ problems: all, lostLines }: Summary): Markup | null {
  if (all.length === 0 && lostLines === 0) return null;
  return html`<h2 class="bad">Problems</h2>
    ${table(
      `What went wrong, ${all.length} in all; events.ndjson has everything.`,
      [
        { head: 'at', cell: ({ atMs }) => (atMs === null ? 'before the traffic' : seconds(atMs)) },
        { head: 'node', cell: ({ node }) => node ?? '' },
        { head: 'code', cell: ({ error }) => error.code },
        { head: 'what', cell: ({ error }) => error.message },
        { head: 'next', cell: ({ error }) => error.hint },
      ],
      all.slice(0, SHOWN_PROBLEMS),
    )}`;
}

function charts(record: RunRecord): Markup[] {
  const deliveries = record.traffic?.deliveries ?? null;
  const marks = faultMarks(record);
  const time = { xLabel: 'seconds of traffic', marks };
  const all: Chart[] = [
    ...(deliveries === null
      ? []
      : ([
          {
            title: 'Propagation',
            about: 'How long until a share of the nodes has a message; first messages counted.',
            xLabel: 'ms after sending',
            yLabel: '% of nodes',
            yMax: 100,
            series: propagationCurve(deliveries),
          },
          {
            title: 'Latency',
            about: 'Share of deliveries that took at most so long; the scale is logarithmic.',
            xLabel: 'ms after sending',
            yLabel: '% of deliveries',
            yMax: 100,
            logX: true,
            series: latencyCdf(deliveries),
          },
          {
            title: 'Delivered, by time of sending',
            about: 'Deliveries that came, of those expected, for messages sent in that second.',
            ...time,
            yLabel: '%',
            yMax: 100,
            series: deliveryOverTime(deliveries),
          },
        ] satisfies Chart[])),
    {
      title: 'Bandwidth',
      about: 'Of the mean node, with handshakes and encryption, without TCP’s own headers.',
      ...time,
      yLabel: 'KiB/s',
      series: bandwidthOverTime(record),
    },
    {
      title: 'Mesh',
      about: 'Mesh peers of the nodes that are up; of a node with several shards its smallest mesh.',
      ...time,
      yLabel: 'peers',
      series: overTime(record, ({ mesh }) => mesh),
    },
    {
      title: 'Memory',
      about: 'Resident memory of the nodes’ processes; nodes that share one show all of it.',
      ...time,
      yLabel: 'MiB',
      series: overTime(record, ({ rssBytes }) => (rssBytes === null ? null : rssBytes / MIB)),
    },
  ];
  return all.map(chart);
}

function times({ latencyMs, propagationMs, traffic, recoveryMs }: Summary): Markup {
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

function published(summary: Summary): Markup | null {
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

function nodes({ nodes: all }: Summary): Markup {
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
  return table(
    'Latencies with first messages counted. CPU and memory are of the node’s process, ÷ n where n nodes share it; the most memory seen.',
    columns,
    all,
  );
}

function shared(nodesInProcess: number): string {
  return nodesInProcess === 1 ? '' : ` ÷ ${nodesInProcess}`;
}

function faults({ faults: all }: Summary): Markup | null {
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

function pings({ pings: all }: Summary): Markup {
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

function conditions({ machine, versions, seed, run, startedAt, durationMs }: Summary): Markup {
  const facts: [string, string][] = [
    ['started', startedAt],
    ['whole run', seconds(durationMs)],
    ['seed', `${seed} (run ${run})`],
    [
      'machine',
      `${machine.cpu}, ${machine.cores} cores, ${(machine.memoryBytes / MIB / 1_024).toFixed(1)} GiB, ${machine.system}`,
    ],
    [
      'load average',
      `${machine.loadBefore.toFixed(2)} before, ${machine.loadAfter.toFixed(2)} after: more than ${machine.cores} before the run means that other programs made these times worse`,
    ],
    [
      'Waku Desk',
      `${versions.wakuDesk}, Node ${versions.node}${versions.toxiproxy === null ? '' : `, toxiproxy ${versions.toxiproxy}`}`,
    ],
    ...Object.entries(versions.engines),
  ];
  return html`<h2>Conditions</h2>
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <p class="about">
      scenario.yaml beside this file runs it again; deliveries.csv and samples.csv have every value.
    </p>`;
}

function ms(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value >= 100 ? `${count(Math.round(value))} ms` : `${value.toFixed(1)} ms`;
}

function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`;
}

function kib(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '–' : `${(bytesPerSecond / 1_024).toFixed(1)} KiB/s`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
