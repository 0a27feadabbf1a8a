/** Every request that was recorded with wakunode2, sent to our nodes: status, content type, text, and what came of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { GO_WAKU, needsLibgowaku, nwaku, nwakuInPlace } from '../libgowaku.ts';
import { call, type Called } from './call.ts';
import { difference, textDifference, type Names } from './compare.ts';
import {
  DIFFERENCES,
  GO_WAKU_DIFFERENCES,
  GO_WAKU_WITHOUT,
  JS_DIFFERENCES,
  NWAKU_DIFFERENCES,
  type Difference,
} from './differences.ts';
import { recordedRequests, type Recorded } from './recorded.ts';
import type { RestNode } from './rest-node.ts';
import { actorsOf, bodyOf, NOBODY, startCast, type Cast } from './stage.ts';

const SETTLE_MS = 20_000;
const POLL_MS = 20;
const IN_PLACE = "nwaku's adapter, with libgowaku in libwaku's place";
const REPLAY_MS = 300_000;

describe('the REST API answers as wakunode2', () => {
  it('on the engine js', { timeout: REPLAY_MS }, () =>
    replay('the engine js', [], { ...DIFFERENCES, ...JS_DIFFERENCES }),
  );

  describe('with a native engine', () => {
    beforeEach(needsLibgowaku);
    it('on the engine go-waku', { timeout: REPLAY_MS }, () =>
      replay('the engine go-waku', [GO_WAKU], { ...DIFFERENCES, ...GO_WAKU_DIFFERENCES }, GO_WAKU_WITHOUT),
    );
  });

  it(`on ${IN_PLACE}`, { timeout: REPLAY_MS }, async (context) =>
    replay(
      IN_PLACE,
      await nwakuInPlace(context),
      { ...DIFFERENCES, ...GO_WAKU_DIFFERENCES, ...NWAKU_DIFFERENCES },
      GO_WAKU_WITHOUT,
    ),
  );
  it('on the engine nwaku', { timeout: REPLAY_MS }, (context) =>
    replay('the engine nwaku', nwaku(context), { ...DIFFERENCES, ...NWAKU_DIFFERENCES }),
  );
});

async function replay(
  name: string,
  flags: readonly string[],
  known: Readonly<Record<string, Difference>>,
  withoutFields: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { main, fresh } = await startCast(flags);
  const run = new Replay(main, Object.keys(withoutFields));
  const requests = recordedRequests();
  for (const recorded of requests) {
    if (recorded.id === 'clean.admin.peers.multi') run.enter(fresh);
    if (recorded.id === 'peerGone.publish') await run.stop('B');
    await run.one({ ...recorded, ...known[recorded.id]?.ours });
  }
  const meant = requests.flatMap(({ id }) =>
    known[id] === undefined ? [] : [`  ${id}: ${known[id].why}\n`],
  );
  const left = Object.entries(withoutFields).map(([name, why]) => `  without ${name}: ${why}\n`);
  process.stdout.write(
    `${requests.length} recorded requests on ${name}; meant to differ:\n${[...meant, ...left].join('')}`,
  );
  expect(meant).toHaveLength(Object.keys(known).length);
  expect(run.differences).toEqual([]);
}

class Replay {
  /** What differs from what it should be, with the id. */
  readonly differences: string[] = [];
  #cast: Cast;
  #names: Names;
  readonly #withoutFields: readonly string[];
  /** Of the request that was sent last. */
  #lastNs = 0n;
  /** What each node has given out, by its peer id. */
  readonly #given = new Map<string, Set<string>>();
  /** Of the first of two that are the same. */
  #repeated: string | null = null;

  constructor(cast: Cast, withoutFields: readonly string[]) {
    this.#cast = cast;
    this.#withoutFields = withoutFields;
    this.#names = namesOf(cast, withoutFields);
  }

  enter(cast: Cast): void {
    this.#cast = cast;
    this.#names = namesOf(cast, this.#withoutFields);
  }

  async stop(name: string): Promise<void> {
    await this.#node(name).cli.terminate();
  }

  async one(recorded: Recorded): Promise<void> {
    const { asked, other } = actorsOf(recorded);
    const node = this.#node(asked);
    if (recorded.id === 'messages.cacheCapacity') {
      await this.#fillCache(other, asked);
      return;
    }
    if (recorded.peerMessages?.startsWith('[{') === true) await this.#untilHeard(node, other, recorded);
    const found = await this.#same(recorded, node);
    if (found !== null) this.differences.push(`${recorded.id}: ${found}`);
    for (const [name, wanted] of [
      [other, recorded.peerMessages],
      [asked, recorded.ownMessages],
    ] as const) {
      if (wanted === null || wanted === undefined) continue;
      const differs = await this.#sameMessages(recorded, this.#node(name), wanted);
      if (differs !== null) this.differences.push(`${recorded.id} at ${name}: ${differs}`);
    }
  }

  /** What only looks is asked again until peers and meshes have come so far. */
  async #same(recorded: Recorded, node: RestNode): Promise<string | null> {
    const isSettling = recorded.method === 'GET' && /^\/(admin|health)/.test(recorded.path);
    const body = this.#body(recorded);
    return settled(isSettling ? SETTLE_MS : 0, async () => {
      const ours = await this.#ask(recorded, node, body);
      return difference(recorded, ours, this.#names) ?? this.#countDifference(recorded, ours);
    });
  }

  /** With fresh nodes it is known how many peers there are. */
  #countDifference({ id, response }: Recorded, ours: Called): string | null {
    if (!id.startsWith('clean.admin') || id.endsWith('connected/on/0')) return null;
    const count = (text: string): number => text.split('"multiaddr"').length - 1;
    const [wanted, found] = [count(response ?? ''), count(ours.text)];
    return wanted === found ? null : `${found} peers, not ${wanted}`;
  }

  async #sameMessages(recorded: Recorded, node: RestNode, wanted: string): Promise<string | null> {
    let heard = '';
    const given = this.#given.get(node.peerId) ?? new Set();
    this.#given.set(node.peerId, given);
    // What was sent while it was away comes by gossip, before or behind.
    const isUnordered = recorded.id === 'publish.peerResubscribed';
    const order = (text: string): string => (isUnordered ? inOrder(text) : text);
    const differs = (text: string): string | null => textDifference(order(wanted), order(text), this.#names);
    const found = await settled(wanted.startsWith('[{') ? SETTLE_MS : 0, async () => {
      const { status, text } = await node.call(inboxOf(recorded));
      // Each is given once: what came before goes with what comes now.
      heard = status === 200 ? joined(heard, text) : `status ${status}: ${text}`;
      const all = differs(heard);
      return all === null || differs(this.#withoutLate(heard, given)) === null ? null : all;
    });
    for (const message of partsOf(heard)) given.add(message);
    return found;
  }

  /** Where the machine is busy, gossip may bring what an earlier request has sent only now, for the first time. */
  #withoutLate(heard: string, given: ReadonlySet<string>): string {
    const isLate = (message: string): boolean => {
      const [, timestamp = '0'] = /"timestamp":(\d{19})/.exec(message) ?? [];
      return timestamp !== '0' && BigInt(timestamp) < this.#lastNs && !given.has(message);
    };
    return heard.startsWith('[{')
      ? `[${partsOf(heard)
          .filter((one) => !isLate(one))
          .join(',')}]`
      : heard;
  }

  #ask({ method, path, requestHeaders }: Recorded, node: RestNode, body: string | null): Promise<Called> {
    const options = { method, body, ...(requestHeaders && { headers: requestHeaders }) };
    const [plain = '', isOfMetrics] = path.split(' (metrics port)');
    if (isOfMetrics !== undefined) return call(node.metricsPort, plain, options);
    const filled = path.replace(/<(\w+)>/, (_whole, name: string) => this.#names.peerIds[name] ?? NOBODY);
    return node.call(filled, options);
  }

  #body(recorded: Recorded): string | null {
    if (recorded.id.endsWith('duplicate.second')) return this.#repeated;
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    this.#lastNs = nowNs > this.#lastNs ? nowNs : this.#lastNs + 1n;
    const body = bodyOf(recorded, this.#cast, this.#lastNs);
    if (recorded.id.endsWith('duplicate.first')) this.#repeated = body;
    return body;
  }

  /** The other node relays the topic, as far as this one knows. */
  async #untilHeard(node: RestNode, other: string, { id, path }: Recorded): Promise<void> {
    const shard = /rs%2F\d+%2F(\d+)$/i.exec(path)?.[1];
    if (shard === undefined) return;
    const { peerId } = this.#node(other);
    const missing = await settled(SETTLE_MS, async () => {
      const { text } = await node.call(`/admin/v1/peers/relay/on/${shard}`);
      return text.includes(peerId) ? null : text;
    });
    if (missing !== null) this.differences.push(`${id}: nobody relays shard ${shard}`);
  }

  async #fillCache(from: string, at: string): Promise<void> {
    const path = '/relay/v1/messages/%2Fwaku%2F2%2Frs%2F3%2F0';
    const [sender, receiver] = [this.#node(from), this.#node(at)];
    await receiver.call(path);
    for (let i = 0; i < 60; i++) {
      const payload = Buffer.from(`b${i}`).toString('base64');
      const body = `{"payload":"${payload}","contentTopic":"/test/1/waku-relay/proto","timestamp":${Date.now()}000000}`;
      expect(await sender.call(path, { method: 'POST', body })).toMatchObject({ status: 200, text: 'OK' });
      // They count in the order in which they come.
      await receiver.cli.waitFor('message', { where: (line) => line.payload === payload });
    }
    const { text } = await receiver.call(path);
    const payloads = (JSON.parse(text) as { payload: string }[]).map(({ payload }) =>
      Buffer.from(payload, 'base64'),
    );
    const words = payloads.map(String);
    expect(words).toHaveLength(50);
    expect([words[0], words.at(-1)]).toEqual(['b49', 'b59']);
    expect(new Set(words).size).toBe(50);
  }

  #node(name: string): RestNode {
    const node = this.#cast[name];
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  }
}

function namesOf(cast: Cast, withoutFields: readonly string[]): Names {
  const peerIds = Object.entries(cast).map(([name, { peerId }]) => [`peerId${name}`, peerId] as const);
  return { peerIds: Object.fromEntries(peerIds), withoutFields };
}

/** Asks until nothing differs, at most for a time. @returns what differs still */
async function settled(patienceMs: number, ask: () => Promise<string | null>): Promise<string | null> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await ask();
    if (found === null || performance.now() >= deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Where what was published is looked for. */
function inboxOf({ id, path, body }: Recorded): string {
  if (!path.startsWith('/relay/v1/auto/')) return path;
  const named =
    id === 'auto.publish.sameShardOtherTopic'
      ? undefined
      : /"contentTopic": ?"([^"]*)"/.exec(body ?? '')?.[1];
  return `/relay/v1/auto/messages/${encodeURIComponent(named ?? '/myapp/1/latest/proto')}`;
}

function inOrder(messages: string): string {
  return `[${partsOf(messages).sort().join(',')}]`;
}

/** The messages of an answer, as they are written there. */
function partsOf(messages: string): string[] {
  return messages.slice(1, -1).split(/(?<=\}),/);
}

function joined(before: string, now: string): string {
  if (before === '' || before === '[]') return now;
  return now === '[]' ? before : `${before.slice(0, -1)},${now.slice(1)}`;
}
