/** Carries out what faults do, at their times. */
import { randomBytes } from 'node:crypto';
import { delay } from '../../core/engine/deadline.ts';
import { inParallel } from './in-parallel.ts';
import type { Links } from '../links/links.ts';
import type { NodeSet } from '../nodes/node-set.ts';
import type { SimNode } from '../nodes/sim-node.ts';
import type { Action } from '../scenario/actions.ts';
import { sendTraffic } from '../traffic/sender.ts';
import type { Journal } from './journal.ts';

/** What became of an action. */
export interface DeedDone {
  /** After the beginning of the traffic. */
  atMs: number;
  fault: Action['fault'];
  deed: Action['deed']['kind'];
  targets: string[];
  ok: boolean;
}

export const FLOOD_TOPIC = '/waku-desk/1/sim-flood/proto';
const AT_ONCE = 8;
const MOST_IN_FLIGHT = 64;

export interface DeedsOptions {
  set: NodeSet;
  links: Links;
  journal: Journal;
  /** Hears of every action that touched links. */
  linksChanged: (action: Action) => Promise<void>;
  signal: AbortSignal;
}

export class Deeds {
  readonly done: DeedDone[] = [];
  readonly #options: DeedsOptions;
  readonly #floods: Promise<unknown>[] = [];

  constructor(options: DeedsOptions) {
    this.#options = options;
  }

  /** Every action at its time; never rejects: what fails is a problem of the run. */
  async run(actions: readonly Action[], startMs: number): Promise<void> {
    const { signal } = this.#options;
    const running: Promise<void>[] = [];
    for (const action of actions) {
      await delay(action.atMs - (performance.now() - startMs), signal);
      if (signal.aborted) break;
      // Not after one another: a slow start must not put off what comes next.
      running.push(this.#carryOut(action));
    }
    await Promise.all([...running, ...this.#floods]);
  }

  async #carryOut(action: Action): Promise<void> {
    const { journal, links, set, linksChanged } = this.#options;
    const { deed, fault } = action;
    const targets =
      'links' in deed
        ? deed.links.map((index) => links.links[index]?.name ?? '')
        : deed.nodes.map((index) => set.nodes[index]?.name ?? '');
    journal.tell(`${deed.kind} ${shortList(targets)} (${fault})`, 'deed', {
      fault,
      deed: deed.kind,
      targets,
    });
    const record: DeedDone = { atMs: journal.atMs ?? 0, fault, deed: deed.kind, targets, ok: true };
    this.done.push(record);
    try {
      if ('links' in deed) {
        await links.apply(deed, action.faultId);
        await linksChanged(action);
      } else
        await inParallel(deed.nodes, AT_ONCE, async (index) => {
          const node = set.nodes[index];
          if (node !== undefined) await this.#touch(node, deed);
        });
    } catch (error) {
      record.ok = false;
      journal.problem(error);
    }
  }

  async #touch(node: SimNode, deed: Exclude<Action['deed'], { links: number[] }>): Promise<void> {
    const { links } = this.#options;
    switch (deed.kind) {
      case 'kill':
        links.leave(node);
        await node.kill();
        return;
      case 'stop':
        links.leave(node);
        await node.stop();
        return;
      case 'restart':
        links.leave(node);
        await node.stop();
        await this.#start(node);
        return;
      case 'start':
        await this.#start(node);
        return;
      case 'pause':
        node.pause();
        return;
      case 'continue':
        node.continue();
        return;
      case 'flood':
        this.#floods.push(this.#flood(node, deed));
    }
  }

  async #start(node: SimNode): Promise<void> {
    if (await this.#options.set.start([node])) await this.#options.links.join(node);
  }

  /** Of a run of its own, so that nothing of it counts as traffic. */
  async #flood(
    node: SimNode,
    { perSecond, sizes, forMs }: Extract<Action['deed'], { kind: 'flood' }>,
  ): Promise<void> {
    const { signal, journal } = this.#options;
    const messages = Math.max(1, Math.ceil((perSecond * forMs) / 1_000));
    const over = new AbortController();
    const timer = setTimeout(() => {
      over.abort();
    }, forMs);
    const [shard = 0] = node.planned.shards;
    const report = await sendTraffic({
      plan: {
        messages,
        rate: perSecond,
        size: sizes,
        poisson: false,
        shards: [shard],
        contentTopics: [FLOOD_TOPIC],
        seed: 0,
      },
      run: randomBytes(4).readUInt32LE(),
      sender: 0,
      maxInFlight: MOST_IN_FLIGHT,
      publish: ({ payload, contentTopic }) =>
        node.session.publish({ payload, contentTopic, pubsubTopic: node.topic(shard) }),
      signal: AbortSignal.any([signal, over.signal]),
    });
    clearTimeout(timer);
    const { sent, accepted, failed } = report;
    journal.tell(`flood of ${node.name} is over: ${sent} sent`, 'flooded', {
      node: node.name,
      sent,
      accepted,
      failed,
    });
  }
}

function shortList(names: readonly string[]): string {
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}
