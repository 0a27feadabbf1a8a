/** Asking store nodes, page by page. */
import type { Requests } from '../../core/operations/operations.ts';
import type { Desk } from './desk.ts';
import { errorData, isCancelled } from './error-data.ts';

/** Each may have a payload of 150 KiB. */
export const MAX_STORE_ROWS = 1_000;

/** Of the query that runs. */
let running: AbortController | null = null;

/** Begins anew: the rows of the query before go. */
export async function queryStore(desk: Desk, request: Requests['store.query']): Promise<void> {
  running?.abort();
  desk.update('store', { asked: request, rows: [], cursor: null, selected: null });
  await askPage(desk, request);
}

/** The next page of the same query. */
export async function nextStorePage(desk: Desk): Promise<void> {
  const { asked, cursor, busy } = desk.store.getState().store;
  if (asked === null || cursor === null || busy) return;
  await askPage(desk, { ...asked, cursor });
}

export function cancelStoreQuery(): void {
  running?.abort();
}

async function askPage(desk: Desk, request: Requests['store.query']): Promise<void> {
  const own = new AbortController();
  running = own;
  desk.update('store', { busy: true, error: null });
  try {
    const { entries, cursor } = await desk.client.call('store.query', request, { signal: own.signal });
    if (running !== own) return;
    desk.update('store', ({ rows }) => {
      const all = [...rows, ...entries].slice(0, MAX_STORE_ROWS);
      // An empty page with a cursor leads nowhere.
      return { rows: all, cursor: entries.length === 0 ? null : cursor };
    });
  } catch (error) {
    if (running === own && !isCancelled(error))
      desk.update('store', { error: errorData(error, 'store.query') });
  } finally {
    if (running === own) {
      running = null;
      desk.update('store', { busy: false });
    }
  }
}
