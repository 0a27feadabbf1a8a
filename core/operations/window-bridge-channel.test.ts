import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelEnd } from './channel.ts';
import { decodeFrame, encodeFrame, CLIENT_FRAME_BOUNDS } from './codec.ts';
import { windowBridgeChannel } from './window-bridge-channel.ts';
import type { PageMessage } from './window-bridge-messages.ts';

/** A preload script's bridge, with the main process in the hand of the test. */
class FixtureBridge {
  readonly sent: PageMessage[] = [];
  readonly #listeners = new Set<(message: unknown) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }
  send(message: PageMessage): void {
    this.sent.push(message);
  }
  onMessage(listener: (message: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  deliver(message: unknown): void {
    for (const listener of [...this.#listeners]) listener(message);
  }
}

let bridge: FixtureBridge;
let heard: unknown[];
let ends: ChannelEnd[];
let opened: number;
beforeEach(() => {
  bridge = new FixtureBridge();
  heard = [];
  ends = [];
  opened = 0;
});

const open = (id = 7) =>
  windowBridgeChannel(
    bridge,
    () => id,
  )({
    opened: () => opened++,
    received: (message) => heard.push(message),
    closed: (end) => ends.push(end),
  });

describe('the channel of a page in the desktop app', () => {
  it('is open when the main process says so, and carries messages both ways', () => {
    const channel = open();
    expect(bridge.sent).toEqual([{ kind: 'open', connection: 7 }]);
    expect(opened).toBe(0);
    bridge.deliver({ kind: 'opened', connection: 7 });
    expect(opened).toBe(1);
    channel.send({ kind: 'cancel', id: 3 });
    const last = bridge.sent.at(-1);
    if (last?.kind !== 'frame') throw new Error('no frame was sent');
    expect(decodeFrame(last.frame, CLIENT_FRAME_BOUNDS)).toEqual({ kind: 'cancel', id: 3 });
    bridge.deliver({ kind: 'frame', connection: 7, frame: encodeFrame({ kind: 'stale' }) });
    expect(heard).toEqual([{ kind: 'stale' }]);
  });

  it('hears nothing of another connection, of the menu, and of what is no message', () => {
    open();
    bridge.deliver({ kind: 'opened', connection: 8 });
    bridge.deliver({ kind: 'frame', connection: 8, frame: encodeFrame(1) });
    bridge.deliver({ kind: 'closed', connection: 8, reason: 'x' });
    bridge.deliver({ kind: 'command', id: 'filter' });
    bridge.deliver('nonsense');
    expect([opened, heard, ends]).toEqual([0, [], []]);
  });

  it('ends once, with the reason of the main process, and listens no more', () => {
    const channel = open();
    bridge.deliver({ kind: 'closed', connection: 7, reason: 'Waku Desk was stopped.' });
    bridge.deliver({ kind: 'closed', connection: 7, reason: 'again' });
    expect(ends).toEqual([{ reason: 'Waku Desk was stopped.', refused: false }]);
    expect(bridge.listeners).toBe(0);
    const count = bridge.sent.length;
    channel.send({ kind: 'cancel', id: 1 });
    channel.close();
    expect(bridge.sent).toHaveLength(count);
  });

  it('ends where the main process sends what cannot be read', () => {
    open();
    bridge.deliver({ kind: 'frame', connection: 7, frame: new Uint8Array([0xc1]) });
    expect(ends).toHaveLength(1);
    expect(bridge.sent.at(-1)).toEqual({ kind: 'close', connection: 7 });
  });

  it('tells the main process that it is closed, once', () => {
    const channel = open();
    channel.close();
    channel.close();
    expect(bridge.sent.filter(({ kind }) => kind === 'close')).toHaveLength(1);
    expect(ends).toEqual([]);
  });
});
