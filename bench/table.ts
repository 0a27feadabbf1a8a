/** Rows for people. */
import { isBetter, type Row } from './row.ts';

const HEADERS = ['figure', 'median', 'spread', 'runs', 'beside it', 'median', 'ratio'] as const;
const RIGHT_ALIGNED = new Set([1, 2, 3, 5]);

export function formatTable(rows: readonly Row[]): string {
  const lines = [HEADERS, ...rows.map(cells)];
  const widths = HEADERS.map((_header, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const text = lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return RIGHT_ALIGNED.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
  text.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return text.join('\n');
}

function cells(row: Row): string[] {
  const { name, value, unit, spread, runs, peer = '', peerValue, ratio } = row;
  return [
    name,
    `${formatNumber(value)} ${unit}`,
    formatNumber(spread),
    String(runs),
    peer,
    peerValue === undefined ? '' : formatNumber(peerValue),
    ratio === undefined ? '' : `${formatNumber(ratio)}${verdict(row)}`,
  ];
}

function verdict(row: Row): string {
  const better = isBetter(row);
  if (better === null) return '';
  return better ? ' better' : ' worse';
}

function formatNumber(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}
