/** report.html: one file that needs nothing else, from what a run has measured. */
import { percent } from '../results/criteria.ts';
import type { CriterionResult, Summary } from '../results/summary.ts';
import type { RunRecord } from '../run/run.ts';
import { chart, type Chart } from './chart.ts';
import { html, Markup, table, type Column } from './html.ts';
import {
  bandwidthOverTime,
  deliveryOverTime,
  faultMarks,
  latencyCdf,
  overTime,
  propagationCurve,
} from './series.ts';
import { STYLE } from './style.ts';
import { faults, nodes, pings, published, times } from './tables.ts';
import { count, kib, MIB, ms, seconds } from './words.ts';

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
          ${nodes(summary)}${faults(summary)}${pings(summary)}${conditions(summary)}
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
