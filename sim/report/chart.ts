/** Line charts as SVG, drawn when the report is made: no script, no library, readable without colour. */
import { html, type Markup } from './html.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Series {
  name: string;
  points: readonly Point[];
}

/** A moment at which something was done. */
export interface Mark {
  x: number;
  label: string;
}

export interface Chart {
  title: string;
  /** What it shows, in a sentence: for those who do not see it, and for those who do. */
  about: string;
  xLabel: string;
  yLabel: string;
  series: readonly Series[];
  marks?: readonly Mark[];
  /** The axis ends there whatever the values are. */
  yMax?: number;
  /** A value that was asked for, as a line across. */
  limit?: { x: number; label: string };
  /** Times over several powers of ten. */
  logX?: boolean;
}

const WIDTH = 560;
const HEIGHT = 250;
const LEFT = 58;
const RIGHT = 18;
const TOP = 14;
const BOTTOM = 40;
const TICKS = 5;
/** More points than pixels show nothing more. */
const MOST_POINTS = 560;
/** Beside colour: the lines differ in how they are drawn. */
const DASHES = ['', '6 4', '2 3', '10 3 2 3'];

export function chart(options: Chart): Markup {
  const { title, about, series, marks = [], xLabel, yLabel, limit } = options;
  const drawn = series.filter(({ points }) => points.length > 0);
  if (drawn.length === 0)
    return html`<figure>
      <figcaption>
        <h3>${title}</h3>
        <p>Nothing was measured.</p>
      </figcaption>
    </figure>`;
  const x = scaleX(options, drawn);
  const y = scaleY(options, drawn);
  const lines = drawn.map(({ points }, i) => {
    const [first, second] = points;
    // A line needs two points.
    if (first !== undefined && second === undefined)
      return html`<circle
        class="line s${i % DASHES.length}"
        cx="${round(x.at(first.x))}"
        cy="${round(y.at(first.y))}"
        r="3"
      />`;
    return html`<path
      class="line s${i % DASHES.length}"
      stroke-dasharray="${DASHES[i % DASHES.length] ?? ''}"
      d="${pathOf(thinned(points), x.at, y.at)}"
    />`;
  });
  return html`<figure>
    <figcaption>
      <h3>${title}</h3>
      <p>${about}</p>
    </figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${about}">
      ${y.ticks.map((tick) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y.at(tick))}" y2="${round(y.at(tick))}" /><text class="tick" text-anchor="end" x="${LEFT - 6}" y="${round(y.at(tick) + 4)}">${short(tick)}</text>`)}
      ${x.ticks.map((tick) => html`<text class="tick" text-anchor="${x.at(tick) > WIDTH - RIGHT - 12 ? 'end' : 'middle'}" x="${round(x.at(tick))}" y="${HEIGHT - BOTTOM + 16}">${short(tick)}</text>`)}
      <line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}" />
      ${marks.map((mark) => html`<line class="mark" x1="${round(x.at(mark.x))}" x2="${round(x.at(mark.x))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"><title>${mark.label}</title></line>`)}
      ${limit === undefined || limit.x > x.max ? null : html`<line class="limit" x1="${round(x.at(limit.x))}" x2="${round(x.at(limit.x))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" /><text class="tick" text-anchor="end" x="${round(x.at(limit.x) - 4)}" y="${TOP + 10}">${limit.label}</text>`}
      ${lines}
      <text class="label" text-anchor="middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}">
        ${xLabel}
      </text>
      <text
        class="label"
        text-anchor="middle"
        transform="translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)"
      >
        ${yLabel}
      </text>
    </svg>
    ${drawn.length === 1 && marks.length === 0 ? null : legend(drawn, marks)}
  </figure>`;
}

function legend(series: readonly Series[], marks: readonly Mark[]): Markup {
  return html`<ul class="legend">
    ${series.map(
      ({ name }, i) =>
        html`<li>
          <svg width="28" height="8" aria-hidden="true">
            <path
              class="line s${i % DASHES.length}"
              stroke-dasharray="${DASHES[i % DASHES.length] ?? ''}"
              d="M0 4H28"
            />
          </svg>
          ${name}
        </li>`,
    )}${
      marks.length === 0
        ? null
        : html`<li>
            <svg width="10" height="12" aria-hidden="true"><path class="mark" d="M5 0V12" /></svg> faults, as
            listed below
          </li>`
    }
  </ul>`;
}

interface Scale {
  at: (value: number) => number;
  ticks: number[];
  max: number;
}

function scaleX({ logX = false, marks = [] }: Chart, series: readonly Series[]): Scale {
  const values = [
    ...series.flatMap(({ points }) => points.map((point) => point.x)),
    ...marks.map((mark) => mark.x),
  ];
  const span = WIDTH - LEFT - RIGHT;
  if (logX) {
    const least = Math.floor(Math.log10(Math.max(0.1, leastOf(values))));
    const most = Math.max(least + 1, Math.ceil(Math.log10(mostOf(values))));
    const at = (value: number): number =>
      LEFT + ((Math.log10(Math.max(value, 10 ** least)) - least) / (most - least)) * span;
    const ticks = Array.from({ length: most - least + 1 }, (_none, i) => 10 ** (least + i));
    return { at, ticks, max: 10 ** most };
  }
  const least = Math.min(0, leastOf(values));
  const { ticks, most } = niceTicks(least, mostOf(values));
  return { at: (value) => LEFT + ((value - least) / (most - least)) * span, ticks, max: most };
}

function scaleY({ yMax }: Chart, series: readonly Series[]): Scale {
  const highest = mostOf(series.flatMap(({ points }) => points.map((point) => point.y)));
  const { ticks, most } = niceTicks(0, yMax ?? highest);
  const span = HEIGHT - TOP - BOTTOM;
  return { at: (value) => TOP + span - (value / most) * span, ticks, max: most };
}

/** Round values that people count in. */
function niceTicks(least: number, highest: number): { ticks: number[]; most: number } {
  const span = Math.max(highest - least, 1e-9);
  const rough = span / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const ticks: number[] = [];
  for (let tick = Math.ceil(least / step) * step; tick <= highest + step * 0.001; tick += step)
    ticks.push(tick);
  return { ticks, most: Math.max(highest, least + step) };
}

function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  const step = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_none, i) => points[Math.round(i * step)] ?? { x: 0, y: 0 });
}

function pathOf(points: readonly Point[], x: Scale['at'], y: Scale['at']): string {
  return points.map((point, i) => `${i === 0 ? 'M' : 'L'}${round(x(point.x))} ${round(y(point.y))}`).join('');
}

// Not Math.max(...values): there may be hundreds of thousands.
function mostOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en');
}
