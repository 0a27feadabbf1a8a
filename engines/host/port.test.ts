import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { nodePort } from './port.ts';

describe('a message port', () => {
  it('closes when it cannot read what arrived', async () => {
    const { port1, port2 } = new MessageChannel();
    const port = nodePort(port2);
    port.onMessage(() => undefined);
    port2.emit('messageerror', new Error('cannot be read'));
    await new Promise((resolve) => port1.once('close', resolve));
  });

  it('sends nothing once it is closed', async () => {
    const { port1, port2 } = new MessageChannel();
    const port = nodePort(port1);
    port2.close();
    await new Promise<void>((resolve) => port.onClose(resolve));
    port.post(() => 'not even what cannot be cloned');
  });

  it('no longer hears when unsubscribed', async () => {
    const { port1, port2 } = new MessageChannel();
    const [here, there] = [nodePort(port1), nodePort(port2)];
    const heard: unknown[] = [];
    const stop = there.onMessage((value) => heard.push(value));
    const stopClose = there.onClose(() => heard.push('close'));
    here.post(1);
    await vi.waitFor(() => {
      expect(heard).toEqual([1]);
    });
    stop();
    stopClose();
    here.post(2);
    here.close();
    await new Promise<void>((resolve) => there.onClose(resolve));
    expect(heard).toEqual([1]);
  });
});
