/** The links of a run: who dials whom, through a proxy where links have faults, and kept as static nodes are. */
import { asWakuDeskError, WakuDeskError } from '../../core/engine/errors.ts';
import { KeepConnected } from '../../core/engine/keep-connected.ts';
import { portOf } from '../../engines/process/port-of.ts';
import type { SimNode } from '../nodes/sim-node.ts';
import type { Deed } from '../scenario/actions.ts';
import type { Edge } from '../topology/edges.ts';
import { inParallel } from '../run/in-parallel.ts';
import type { Toxic, Toxiproxy } from './toxiproxy.ts';

export interface Link {
  name: string;
  dialer: SimNode;
  listener: SimNode;
  /** The proxy's port, once the listener has one; null without a proxy. */
  proxyPort: number | null;
  /** Faults that cut it, by number. */
  cutBy: Set<number>;
  toxics: Map<number, string[]>;
}

export interface LinkPing {
  link: string;
  /** Null: no answer. */
  pingMs: number | null;
}

/** A connection that a fault on its link would not touch. */
export interface Bypass {
  node: string;
  peer: string;
  address: string;
}

export interface LinksOptions {
  nodes: readonly SimNode[];
  edges: readonly Edge[];
  toxiproxy: Toxiproxy | null;
  note: (event: string, fields: object) => void;
}

const PING_MS = 10_000;
const AT_ONCE = 16;

export class Links {
  readonly links: readonly Link[];
  readonly #nodes: readonly SimNode[];
  readonly #toxiproxy: Toxiproxy | null;
  readonly #note: LinksOptions['note'];
  readonly #keepers = new Map<SimNode, KeepConnected>();
  #ended = false;

  constructor({ nodes, edges, toxiproxy, note }: LinksOptions) {
    this.#nodes = nodes;
    this.#toxiproxy = toxiproxy;
    this.#note = note;
    this.links = edges.flatMap(([a, b]) => {
      const [listener, dialer] = [nodes[a], nodes[b]];
      if (listener === undefined || dialer === undefined) return [];
      return [
        {
          name: `${listener.name}-${dialer.name}`,
          dialer,
          listener,
          proxyPort: null,
          cutBy: new Set<number>(),
          toxics: new Map<number, string[]>(),
        },
      ];
    });
    for (const node of nodes)
      node.onEvent((event) => {
        if (event.type !== 'batch') return;
        for (const one of event.batch.events)
          if (one.type === 'peerLeft') this.#keepers.get(node)?.peerLeft(one.peerId);
      });
  }

  /** Dials every link of a node that has just come up, and keeps it. @throws WakuDeskError FAULT_UNAVAILABLE */
  async join(node: SimNode): Promise<void> {
    for (const link of this.links) {
      if (link.dialer !== node && link.listener !== node) continue;
      await this.#openProxy(link);
      this.#dial(link);
    }
  }

  /** Dials no more from this node. */
  leave(node: SimNode): void {
    this.#keepers.get(node)?.stop();
    this.#keepers.delete(node);
  }

  /** @throws WakuDeskError FAULT_UNAVAILABLE */
  async apply(deed: Extract<Deed, { links: number[] }>, faultId: number): Promise<void> {
    await inParallel(deed.links, AT_ONCE, async (index) => {
      const link = this.links[index];
      if (link === undefined) return;
      switch (deed.kind) {
        case 'cut':
          link.cutBy.add(faultId);
          await this.#setEnabled(link);
          return;
        case 'slow':
          return this.#poison(link, faultId, {
            type: 'latency',
            attributes: { latency: deed.latencyMs, jitter: deed.jitterMs },
          });
        case 'narrow':
          return this.#poison(link, faultId, {
            type: 'bandwidth',
            attributes: { rate: Math.max(1, Math.round(deed.bytesPerSecond / 1_000)) },
          });
        case 'heal':
          return this.#heal(link, faultId);
      }
    });
  }

  /** Of every link whose ends are up. */
  async ping(signal: AbortSignal): Promise<LinkPing[]> {
    const pings: LinkPing[] = [];
    const up = this.links.filter(({ dialer, listener }) => dialer.state === 'up' && listener.state === 'up');
    await inParallel(up, AT_ONCE, async ({ name, dialer, listener }) => {
      if (signal.aborted) return;
      const peerId = listener.identity?.peerId ?? '';
      const pingMs = await dialer.session.ping(peerId, { timeoutMs: PING_MS, signal }).catch(() => null);
      pings.push({ link: name, pingMs });
    });
    return pings.sort((a, b) => a.link.localeCompare(b.link, 'en', { numeric: true }));
  }

  /** Peers learn each other's real addresses, and may use them: those connections no fault would touch. */
  bypasses(): Bypass[] {
    if (this.#toxiproxy === null) return [];
    const names = new Map(this.#nodes.map((node) => [node.identity?.peerId, node]));
    return this.#nodes.flatMap((node) =>
      node.session.snapshot().peers.flatMap((peer): Bypass[] => {
        // Every connection has one end that dialled.
        const other = names.get(peer.peerId);
        if (peer.direction !== 'outbound' || other === undefined) return [];
        const address = peer.addresses[0] ?? '';
        const link = this.links.find(({ dialer, listener }) => dialer === node && listener === other);
        const isProxied =
          link?.proxyPort !== undefined &&
          link.proxyPort !== null &&
          address.includes(`/tcp/${link.proxyPort}`);
        return isProxied ? [] : [{ node: node.name, peer: other.name, address }];
      }),
    );
  }

  end(): void {
    this.#ended = true;
    for (const keeper of this.#keepers.values()) keeper.stop();
    this.#keepers.clear();
  }

  async #openProxy(link: Link): Promise<void> {
    const port = portOf(link.listener.identity);
    if (this.#toxiproxy === null || link.proxyPort !== null || port === null) return;
    link.proxyPort = await this.#toxiproxy.open(link.name, port);
    if (link.cutBy.size > 0) await this.#setEnabled(link);
  }

  #dial(link: Link): void {
    const { dialer, listener } = link;
    const { identity } = listener;
    if (this.#ended || identity === null || dialer.state !== 'up') return;
    const port = link.proxyPort ?? portOf(identity);
    const address = `/ip4/127.0.0.1/tcp/${port}/p2p/${identity.peerId}`;
    let keeper = this.#keepers.get(dialer);
    if (keeper === undefined) {
      keeper = new KeepConnected({
        connect: (target, signal) => dialer.session.connect(target, { signal }),
        onFailure: (_address, error, nextTryMs) => {
          const { code, message } = asWakuDeskError(error, {
            code: 'CONNECT_FAILED',
            operation: 'sim.links',
            hint: '',
          });
          this.#note('dialFailed', { link: link.name, code, message, nextTryMs });
        },
      });
      this.#keepers.set(dialer, keeper);
    }
    // At once, however long it would have waited for its next try.
    keeper.forget(identity.peerId);
    keeper.add(address);
  }

  async #setEnabled(link: Link): Promise<void> {
    if (link.proxyPort === null) return;
    await this.#need().enable(link.name, link.proxyPort, link.cutBy.size === 0);
    if (link.cutBy.size === 0) this.#dial(link);
  }

  async #poison(link: Link, faultId: number, toxic: Toxic): Promise<void> {
    if (link.proxyPort === null) return;
    const name = `${toxic.type}-${faultId}`;
    link.toxics.set(faultId, [...(link.toxics.get(faultId) ?? []), name]);
    await this.#need().poison(link.name, name, toxic);
  }

  async #heal(link: Link, faultId: number): Promise<void> {
    for (const name of link.toxics.get(faultId) ?? []) await this.#need().cure(link.name, name);
    link.toxics.delete(faultId);
    if (link.cutBy.delete(faultId)) await this.#setEnabled(link);
  }

  #need(): Toxiproxy {
    if (this.#toxiproxy !== null) return this.#toxiproxy;
    throw new WakuDeskError('FAULT_UNAVAILABLE', 'There is no proxy on the links.', {
      operation: 'sim.links',
      hint: 'This is a defect of Waku Desk: please report it with the scenario.',
    });
  }
}
