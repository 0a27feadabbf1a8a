import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../../core/engine/events.ts';
import { connectEngine } from './connect.ts';
import { FIXTURE_INFO, FixtureEngine, TOPIC } from './fixture.ts';
import { nodePort } from './port.ts';
import { PROTOCOL_VERSION } from './protocol.ts';
import { serveEngine } from './serve.ts';

interface Heard {
  kind: string;
  batch?: number | null;
  items?: unknown[];
}

function itemsOf(heard: readonly Heard[]): unknown[] {
  return heard.flatMap(({ items = [] }) => items);
}

/** Asks a served engine, and gives what it answers. */
async function answerTo(...messages: unknown[]): Promise<Heard[]> {
  const { port1, port2 } = new MessageChannel();
  const served = serveEngine(new FixtureEngine(), nodePort(port1));
  const heard: Heard[] = [];
  port2.on('message', (message: Heard) => heard.push(message));
  const last = { kind: 'calls', calls: [{ id: 99, method: 'mesh', args: [TOPIC] }] };
  for (const message of [...messages, last]) port2.postMessage(message);
  await vi.waitFor(() => {
    expect(itemsOf(heard)).toContainEqual({ kind: 'answered', id: 99, value: ['a', 'b'] });
  });
  await served.close();
  return heard;
}

describe('a served engine', () => {
  it.each([
    ['an unknown method', { method: 'explode', args: [] }],
    ['a method of every object', { method: 'constructor', args: [] }],
    ['a member that is no call', { method: 'onEvent', args: [] }],
    ['a method that is no text', { method: 42, args: [] }],
    ['too few arguments', { method: 'subscribe', args: [] }],
    ['too many arguments', { method: 'stop', args: [1] }],
    ['a wrong argument', { method: 'subscribe', args: [7] }],
    ['arguments that are no list', { method: 'subscribe', args: { 0: TOPIC } }],
    ['no arguments at all', { method: 'subscribe' }],
    ['half a message', { method: 'publish', args: [TOPIC, { payload: new Uint8Array(1) }] }],
    ['a time limit that is no number', { method: 'connect', args: ['/a'], timeoutMs: 'soon' }],
  ])('answers BAD_USE to %s', async (_what, call) => {
    const [first] = itemsOf(await answerTo({ kind: 'calls', calls: [{ id: 1, ...call }] }));
    expect(first).toMatchObject({ kind: 'failed', id: 1, error: { code: 'BAD_USE' } });
  });

  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['a message of no kind', {}],
    ['a kind it does not know', { kind: 'reboot' }],
    ['a call without an id', { kind: 'calls', calls: [{ method: 'stop', args: [] }] }],
    ['an id that is no number', { kind: 'cancel', id: '1' }],
    ['a cancel of no call', { kind: 'cancel', id: 12 }],
    ['an acknowledgement of no batch', { kind: 'ack', batch: 12 }],
  ])('goes on after %s', async (_what, message) => {
    await answerTo(message);
  });

  it('logs what it refuses', async () => {
    const heard = await answerTo({ kind: 'connect' }, { kind: 'reboot' });
    const logged = { type: 'logged', level: 'error', component: 'host' };
    const first = heard.find(({ kind }) => kind === 'batch');
    expect(first?.batch).toBe(1);
    expect(first?.items).toContainEqual(expect.objectContaining(logged));
  });
});

function batchOf(...items: unknown[]): unknown {
  return { kind: 'batch', batch: null, items };
}

/** The engine's side by hand. */
function answerCalls(port: MessagePort, answer: (id: number) => unknown): void {
  port.on('message', ({ calls = [] }: { calls?: { id: number }[] }) => {
    for (const { id } of calls) port.postMessage(batchOf(answer(id)));
  });
}

describe('the side of the harness', () => {
  const greeting = { kind: 'greeting', protocol: PROTOCOL_VERSION, info: FIXTURE_INFO, state: 'running' };

  it('goes on after messages that are not of the protocol, and logs them', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(greeting);
    const remote = await connectEngine(nodePort(port2));
    const events: EngineEvent[] = [];
    remote.onEvent((event) => events.push(event));
    const ofNobody = { kind: 'answered', id: 5, value: 1 };
    for (const message of [null, { kind: 'batch', items: 3 }, batchOf(ofNobody, { kind: 'failed', id: '5' })])
      port1.postMessage(message);
    answerCalls(port1, (id) => ({ kind: 'answered', id, value: ['t'] }));
    expect(await remote.topics()).toEqual(['t']);
    expect(events.map((event) => event.type)).toEqual(['logged', 'logged', 'logged']);
    remote.close();
  });

  it('takes a failure without a code as ENGINE_FAILED', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(greeting);
    const remote = await connectEngine(nodePort(port2));
    answerCalls(port1, (id) => ({ kind: 'failed', id, error: { code: 'WORSE' } }));
    await expect(remote.topics()).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    remote.close();
  });

  it.each([
    ['another protocol', { ...greeting, protocol: PROTOCOL_VERSION + 1 }],
    ['an engine that it does not know', { ...greeting, info: { ...FIXTURE_INFO, kind: 'rust' } }],
    ['a state that it does not know', { ...greeting, state: 'dreaming' }],
  ])('does not connect to %s', async (_what, message) => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(message);
    await expect(connectEngine(nodePort(port2))).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });
});
