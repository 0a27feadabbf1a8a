import { afterEach, describe, expect, it } from 'vitest';
import type { NodeConfig } from '../../core/engine/config.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import type { StorePage } from '../../core/engine/store-query.ts';
import { FixtureEngine, lightEngine, servicePeer } from '../../core/session/fixture-engine.ts';
import { createMessage } from '../../core/waku/message.ts';
import {
  eventually,
  openPage,
  send,
  startFixtureHost,
  type FixtureHost,
  type FixtureOptions,
  type Page,
} from './fixture.ts';

const TOPIC = '/waku/2/rs/16/32';
const CHAT = '/toy-chat/2/huilong/proto';
const DRAFT = { payload: Uint8Array.of(1, 2, 3), contentTopic: CHAT, pubsubTopic: TOPIC };
const STORE = '/ip4/127.0.0.1/tcp/1/p2p/16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie';

let fixture: FixtureHost;
let page: Page;
afterEach(async () => {
  page.client.close();
  await fixture.close();
});

async function start(engine: FixtureEngine, options: FixtureOptions = {}): Promise<void> {
  fixture = await startFixtureHost({ createEngine: () => Promise.resolve(engine), ...options });
  await fixture.harness.node.start();
  page = await openPage(fixture);
}

/** The calls that need a light client or a store query. */
const CALLS = {
  'filter.subscribe': () => page.client.call('filter.subscribe', { contentTopics: [CHAT] }),
  'filter.unsubscribe': () => page.client.call('filter.unsubscribe', { contentTopics: [CHAT] }),
  'publish by lightpush': () => page.client.call('messages.publish', { ...DRAFT, via: 'lightpush' }),
  'store.query': () => page.client.call('store.query', { peer: STORE, pubsubTopic: TOPIC }),
};

describe('an engine that has them not', () => {
  it.each(Object.entries(CALLS))(
    'refuses %s with code and reason, running or stopped',
    async (_name, call) => {
      await start(new FixtureEngine());
      const refused = { code: 'UNSUPPORTED', message: 'fixture' };
      await expect(call()).rejects.toMatchObject(refused);
      await page.client.call('node.stop', {});
      await expect(call()).rejects.toMatchObject(refused);
    },
  );

  it('refuses settings that make it a light client, and runs on as it was', async () => {
    await start(new FixtureEngine());
    const { id } = fixture.harness;
    const change = page.client.call('node.changeSettings', { change: { light: true } });
    await expect(change).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    const rln = page.client.call('node.changeSettings', { change: { rln: RLN } });
    await expect(rln).rejects.toMatchObject({ code: 'RLN_NEEDS_NWAKU' });
    expect(fixture.harness.id).toBe(id);
    expect(fixture.harness.node.session.snapshot().topics).not.toEqual([]);
  });
});

describe('an engine that has them', () => {
  it('is asked, and its filters are told', async () => {
    const engine = lightEngine();
    await start(engine);
    engine.emit({ type: 'peerIdentified', peer: servicePeer('s1') });
    expect(await CALLS['filter.subscribe']()).toBeNull();
    expect(engine.asked).toEqual([`${TOPIC} ${CHAT}`]);
    await eventually(() => page.batches.at(-1)?.node?.filters).toEqual([
      { pubsubTopic: TOPIC, contentTopics: [CHAT], served: true, error: null },
    ]);
    expect(await CALLS['publish by lightpush']()).toMatchObject({ sentToPeers: null });
    await CALLS['filter.unsubscribe']();
    await eventually(() => page.batches.at(-1)?.node?.filters).toEqual([]);
  });

  it('gives pages of a store with every byte and 64-bit time', async () => {
    const engine = lightEngine();
    await start(engine);
    const payload = Uint8Array.from({ length: 256 }, (_, i) => i);
    const message = createMessage({ payload, contentTopic: CHAT, timestampNs: -(2n ** 63n) });
    const answer: StorePage = { entries: [{ hash: '0x00', pubsubTopic: TOPIC, message }], cursor: 'c' };
    let asked: unknown;
    engine.onStoreQuery = (query) => {
      asked = query;
      return Promise.resolve(answer);
    };
    expect(await CALLS['store.query']()).toEqual(answer);
    expect(asked).toEqual({
      peer: STORE,
      pubsubTopic: TOPIC,
      contentTopics: [],
      fromNs: null,
      toNs: null,
      hashes: [],
      includeData: true,
      cursor: null,
      forward: true,
      limit: 20,
    });
  });

  it('as a light client has no demo, which only relays', async () => {
    await start(lightEngine(), { harness: { config: parseNodeConfig({ light: true }) } });
    await expect(page.client.call('demo.start', {})).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('refuses what is no request', async () => {
    await start(lightEngine());
    const { client } = page;
    for (const call of [
      client.call('filter.subscribe', { contentTopics: [] }),
      client.call('filter.subscribe', { contentTopics: [''] }),
      client.call('store.query', { peer: STORE, limit: 101 }),
      client.call('store.query', { peer: STORE, contentTopics: [CHAT] }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'BAD_USE' });
  });
});

const SECRETS = ['c0ffee'.padEnd(64, '0'), 'hunter22', 'rpc-key-12345678'];
const RLN = {
  credentialsPath: '/keys/rln.json',
  credentialsPassword: 'hunter22',
  contractAddress: `0x${'1'.repeat(40)}`,
  chainRpcUrls: ['https://rpc.example.org/v3/rpc-key-12345678'],
  chainId: 59_141,
};

it('secrets reach no client, no file and no error, and survive a change of settings', async () => {
  const configs: NodeConfig[] = [];
  const engines: FixtureEngine[] = [];
  const createEngine = (config: NodeConfig): Promise<FixtureEngine> => {
    configs.push(config);
    const engine = new FixtureEngine();
    engine.info.kind = 'nwaku';
    engines.push(engine);
    return Promise.resolve(engine);
  };
  const config = parseNodeConfig({ nodeKey: SECRETS[0], rln: RLN });
  await start(new FixtureEngine(), { harness: { createEngine, config } });
  const said: unknown[] = [];
  const text = `nodekey ${SECRETS.join(' ')}`;
  const sayAll = (): void => {
    engines.at(-1)?.emit({ type: 'logged', level: 'error', component: 'node', text, atNs: 1n });
    engines.at(-1)?.emit({ type: 'gapped', reason: 'engine', lost: 1, detail: text });
  };
  sayAll();
  said.push(await page.client.call('node.settings', {}));
  const changed = { agentString: 'renamed', rln: { messageLimit: 20 } };
  said.push(await page.client.call('node.changeSettings', { change: changed }));
  expect(configs.at(-1)).toMatchObject({
    nodeKey: SECRETS[0],
    agentString: 'renamed',
    rln: { ...RLN, messageLimit: 20 },
  });
  await eventually(() => page.snapshots.length).toBeGreaterThan(1);
  sayAll();
  engines.at(-1)?.hear({ payload: Uint8Array.of(1) });
  const wrong = { rln: { chainRpcUrls: ['ftp://rpc-key-12345678'] } };
  const refused: unknown = await page.client
    .call('node.changeSettings', { change: wrong })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'CONFIG_INVALID' });
  said.push(String(refused), refused);
  await eventually(() => fixture.harness.history.next).toBe(1);
  const offered = await page.client.call('capture.export', { format: 'ndjson', filter: '', nowMs: 1 });
  if (offered.kind !== 'download') throw new Error(offered.kind);
  said.push((await send(fixture.host, { path: offered.path, headers: { cookie: fixture.cookie } })).body);
  said.push(await page.client.call('log.page', { count: 100 }), page.snapshots, page.batches);
  const all = JSON.stringify(said, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(all).toContain('<redacted>');
  for (const secret of SECRETS) expect(all).not.toContain(secret);
});
