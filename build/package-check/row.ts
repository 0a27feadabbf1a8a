/** What `npm run package:check` found, one row for each thing that it looked at. */
export interface Row {
  what: string;
  /** skipped: it cannot be seen here, and the detail says why. */
  result: 'ok' | 'failed' | 'skipped';
  detail: string;
}

export function ok(what: string, detail: string): Row {
  return { what, result: 'ok', detail };
}

export function failed(what: string, detail: string): Row {
  return { what, result: 'failed', detail };
}

export function skipped(what: string, why: string): Row {
  return { what, result: 'skipped', detail: why };
}

/** A row that is fine without problems. */
export function unless(what: string, problems: readonly string[], detail: string): Row {
  const MOST = 8;
  if (problems.length === 0) return ok(what, detail);
  const more = problems.length > MOST ? `, and ${problems.length - MOST} more` : '';
  return failed(what, `${problems.slice(0, MOST).join(', ')}${more}`);
}

const MARKS: Record<Row['result'], string> = { ok: 'ok', failed: 'FAILED', skipped: 'skipped' };

export function formatRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows
    .map(({ what, result, detail }) => `${what.padEnd(width)}  ${MARKS[result].padEnd(7)}  ${detail}`)
    .join('\n');
}
