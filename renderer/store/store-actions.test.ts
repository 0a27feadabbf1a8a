import { expect, it } from 'vitest';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { StoreRow } from '../../core/operations/service-operations.ts';
import { createDesk, type Desk } from './desk.ts';
import { FixtureClient } from './fixture-client.ts';
import type { StoreState } from './state.ts';
import { cancelStoreQuery, nextStorePage, queryStore } from './store-actions.ts';

const row = (hash: string): StoreRow => ({ hash, pubsubTopic: null, message: null });
const QUERY = { peer: '/p2p/x', limit: 2 };

function setUp(): { client: FixtureClient; desk: Desk; store: () => StoreState } {
  const client = new FixtureClient();
  const desk = createDesk(client);
  client.snapshot();
  return { client, desk, store: () => desk.store.getState().store };
}

it('pages on with the cursor until there is none', async () => {
  const { client, desk, store } = setUp();
  const pages = [
    { entries: [row('1'), row('2')], cursor: 'c1' },
    { entries: [row('3')], cursor: null },
  ];
  client.answers['store.query'] = () => pages.shift() ?? { entries: [], cursor: null };
  await queryStore(desk, QUERY);
  expect(store()).toMatchObject({ busy: false, cursor: 'c1' });
  await nextStorePage(desk);
  expect(store().rows.map(({ hash }) => hash)).toEqual(['1', '2', '3']);
  await nextStorePage(desk);
  expect(client.calls.map(([, request]) => request)).toEqual([QUERY, { ...QUERY, cursor: 'c1' }]);
});

it('keeps the rows when a later page fails, and the page can be asked for again', async () => {
  const { client, desk, store } = setUp();
  client.answers['store.query'] = () => ({ entries: [row('1')], cursor: 'c1' });
  await queryStore(desk, QUERY);
  client.answers['store.query'] = () => {
    throw new WakuDeskError('SERVICE_REFUSED', 'No.', { operation: 'x', hint: 'Wait.' });
  };
  await nextStorePage(desk);
  expect(store()).toMatchObject({ cursor: 'c1', busy: false, error: { code: 'SERVICE_REFUSED' } });
  expect(store().rows).toHaveLength(1);
});

it('an answer that comes after the next query began is dropped, and so is one that was cancelled', async () => {
  const { client, desk, store } = setUp();
  let late = (): void => undefined;
  client.answers['store.query'] = () =>
    new Promise((resolve) => {
      late = () => {
        resolve({ entries: [row('late')], cursor: null });
      };
    });
  const first = queryStore(desk, QUERY);
  const answerFirst = late;
  client.answers['store.query'] = () => ({ entries: [row('2')], cursor: null });
  await queryStore(desk, QUERY);
  answerFirst();
  await first;
  expect(store().rows.map(({ hash }) => hash)).toEqual(['2']);
  client.answers['store.query'] = (_request, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new WakuDeskError('CANCELLED', 'Cancelled.', { operation: 'x', hint: 'Again.' }));
      });
    });
  const cancelled = queryStore(desk, QUERY);
  cancelStoreQuery();
  await cancelled;
  expect(store()).toMatchObject({ busy: false, error: null, rows: [] });
});

it('an empty page with a cursor ends the query', async () => {
  const { client, desk, store } = setUp();
  client.answers['store.query'] = () => ({ entries: [], cursor: 'again' });
  await queryStore(desk, QUERY);
  expect(store().cursor).toBeNull();
});
