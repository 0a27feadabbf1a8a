/** Many ports over one: how the engines of one process each have theirs. */
import * as z from 'zod';
import type { Port } from '../../engines/host/port.ts';

const packetSchema = z.union([
  z.strictObject({ node: z.int().min(0), value: z.unknown() }),
  z.strictObject({ node: z.int().min(0), closed: z.literal(true) }),
]);
type Packet = z.output<typeof packetSchema>;

class Channel implements Port {
  readonly #post: (packet: Packet) => void;
  readonly #node: number;
  readonly #listeners = new Set<(value: unknown) => void>();
  readonly #closeListeners = new Set<() => void>();
  /** What came before anybody listened. */
  #early: unknown[] = [];
  #closed = false;

  constructor(node: number, post: (packet: Packet) => void) {
    this.#node = node;
    this.#post = post;
  }

  post(value: unknown): void {
    if (!this.#closed) this.#post({ node: this.#node, value });
  }

  onMessage(listener: (value: unknown) => void): () => void {
    this.#listeners.add(listener);
    const early = this.#early;
    this.#early = [];
    for (const value of early) listener(value);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onClose(listener: () => void): () => void {
    if (this.#closed) queueMicrotask(listener);
    else this.#closeListeners.add(listener);
    return () => {
      this.#closeListeners.delete(listener);
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#post({ node: this.#node, closed: true });
    this.end();
  }

  take(value: unknown): void {
    if (this.#listeners.size === 0) this.#early.push(value);
    for (const listener of this.#listeners) listener(value);
  }

  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener();
  }
}

export class Mux {
  readonly #port: Port;
  readonly #channels = new Map<number, Channel>();

  /** @param onNew hears of each channel that the other side opens */
  constructor(port: Port, onNew: (channel: Port) => void = () => undefined) {
    this.#port = port;
    port.onMessage((received) => {
      const packet = packetSchema.safeParse(received).data;
      if (packet === undefined) return;
      const isNew = !this.#channels.has(packet.node);
      const channel = this.#channel(packet.node);
      if ('closed' in packet) {
        this.#channels.delete(packet.node);
        channel.end();
        return;
      }
      if (isNew) onNew(channel);
      channel.take(packet.value);
    });
    port.onClose(() => {
      for (const channel of this.#channels.values()) channel.end();
    });
  }

  /** @param node a number that no channel of this port has had before */
  open(node: number): Port {
    return this.#channel(node);
  }

  #channel(node: number): Channel {
    let channel = this.#channels.get(node);
    if (channel === undefined) {
      channel = new Channel(node, (packet) => {
        if ('closed' in packet) this.#channels.delete(node);
        this.#port.post(packet);
      });
      this.#channels.set(node, channel);
    }
    return channel;
  }
}
