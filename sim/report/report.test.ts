import { describe, expect, it } from 'vitest';
import { chart, type Chart } from './chart.ts';
import { html, table } from './html.ts';
import { faults, nodes, pings } from './tables.ts';

const CHART: Chart = { title: 'Time', about: 'What it shows.', xLabel: 'ms', yLabel: '%', series: [] };

describe('text of a report', () => {
  it('is escaped wherever it stands', () => {
    const nasty = '<script>alert("1")</script>';
    const { text } = html`<p title="${nasty}">${nasty}${[html`<b>${nasty}</b>`]}</p>
      ${table(nasty, [{ head: nasty, cell: () => nasty }], [1])}`;
    expect(text).not.toContain('<script');
    expect(text.match(/&lt;script&gt;/g)).toHaveLength(7);
  });
});

it('a table without rows is left out, with its heading', () => {
  expect([nodes({ nodes: [] }), pings({ pings: [] }), faults({ faults: [] })]).toEqual([null, null, null]);
});

describe('a chart', () => {
  it('shows a series of one point as a dot, where no line can be drawn', () => {
    expect(chart({ ...CHART, series: [{ name: 'a', points: [{ x: 1, y: 1 }] }] }).text).toContain('<circle');
  });

  it('without values says so', () => {
    expect(chart({ ...CHART, series: [{ name: 'none', points: [] }] }).text).toContain(
      'Nothing was measured.',
    );
  });

  it.each([
    ['one point', [{ x: 0, y: 0 }]],
    ['equal points', Array(5).fill({ x: 3, y: 3 })],
    ['tiny values', [{ x: 1e-9, y: 1e-9 }]],
    [
      'negative times',
      [
        { x: -2, y: 1 },
        { x: 5, y: 9 },
      ],
    ],
    ['many points', Array.from({ length: 100_000 }, (_none, x) => ({ x, y: x % 7 }))],
  ])('is drawn within its frame: %s', (_what, points) => {
    for (const logX of [false, true]) {
      const { text } = chart({ ...CHART, logX, series: [{ name: 'a', points }] });
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      const drawn = / (?:d|cx)="([^"]*)"/.exec(text)?.[1] ?? '';
      const numbers = [...drawn.matchAll(/-?[\d.]+/g)].map(Number);
      expect(numbers.length).toBeGreaterThan(0);
      expect(numbers.length).toBeLessThan(2_000);
      for (const number of numbers) {
        expect(number).toBeGreaterThanOrEqual(0);
        expect(number).toBeLessThanOrEqual(560);
      }
    }
  });

  it('names its lines, and tells them apart without colour', () => {
    const series = ['a', 'b'].map((name) => ({
      name,
      points: [
        { x: 0, y: 1 },
        { x: 1, y: 2 },
      ],
    }));
    const { text } = chart({ ...CHART, series, marks: [{ x: 0.5, label: 'kill n1' }] });
    expect(text).toContain('role="img" aria-label="Time: What it shows."');
    expect(text).toContain('<title>kill n1</title>');
    expect(new Set(text.match(/stroke-dasharray="[^"]*"/g)).size).toBe(2);
  });
});
