import { MessageChannel } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { nodePort, type Port } from '../../engines/host/port.ts';
import { Mux } from './mux.ts';

/** Two sides over a real message port. */
function pair(onNew: (channel: Port) => void): { mux: Mux; ports: [Port, Port] } {
  const { port1, port2 } = new MessageChannel();
  const ports: [Port, Port] = [nodePort(port1), nodePort(port2)];
  onTestFinished(() => {
    for (const port of ports) port.close();
  });
  new Mux(ports[1], onNew);
  return { mux: new Mux(ports[0]), ports };
}

it('each channel has its own values, in order, also those that came before anybody listened', async () => {
  const heard: unknown[] = [];
  const { mux } = pair((channel) => {
    setImmediate(() => {
      channel.onMessage((value) => {
        heard.push(value);
        channel.post(value);
      });
    });
  });
  const answers = [0, 1].map((node) => {
    const channel = mux.open(node);
    const got: unknown[] = [];
    return new Promise<unknown[]>((resolve) => {
      channel.onMessage((value) => {
        got.push(value);
        if (got.length === 3) resolve(got);
      });
      for (let i = 0; i < 3; i++) channel.post(`${node}.${i}`);
    });
  });
  expect(await Promise.all(answers)).toEqual([
    ['0.0', '0.1', '0.2'],
    ['1.0', '1.1', '1.2'],
  ]);
  expect(heard).toHaveLength(6);
});

it('closing one channel closes its other end and no other channel', async () => {
  const ends: Port[] = [];
  const { mux } = pair((channel) => {
    ends.push(channel);
    channel.onMessage((value) => {
      channel.post(value);
    });
  });
  const [first, second] = [mux.open(0), mux.open(1)];
  const echo = (channel: Port) =>
    new Promise((resolve) => {
      channel.onMessage(resolve);
      channel.post('hello');
    });
  await Promise.all([echo(first), echo(second)]);
  const closed = new Promise<void>((resolve) => ends[0]?.onClose(resolve));
  first.close();
  await closed;
  await echo(second);
});

it('all channels end with the port', async () => {
  const { mux, ports } = pair((channel) => {
    channel.onMessage(() => undefined);
  });
  const ended = [0, 1].map((node) => {
    const channel = mux.open(node);
    channel.post('hello');
    return new Promise<void>((resolve) => channel.onClose(resolve));
  });
  ports[1].close();
  await Promise.all(ended);
});
