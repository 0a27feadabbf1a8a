/** What a user does with the node. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { EngineHost } from '../../core/engine/profiles.ts';
import type { SettingsChange } from '../../core/operations/live-values.ts';
import type { Desk } from './desk.ts';
import { errorData } from './error-data.ts';
import type { NodeAction } from './state.ts';

async function act(desk: Desk, busy: NodeAction, work: () => Promise<void>): Promise<void> {
  if (desk.store.getState().node.busy !== null) return;
  desk.update('node', { busy, error: null });
  try {
    await work();
  } catch (error) {
    desk.update('node', { error: errorData(error, `node.${busy}`) });
  } finally {
    desk.update('node', { busy: null });
  }
}

export function startNode(desk: Desk): Promise<void> {
  return act(desk, 'start', async () => {
    await desk.client.call('node.start', {}, { timeoutMs: 60_000 });
  });
}

export function stopNode(desk: Desk): Promise<void> {
  return act(desk, 'stop', async () => {
    await desk.client.call('node.stop', {});
    const run = (): void => void startNode(desk);
    desk.toast({ tone: 'good', text: 'The node is stopped.', action: { label: 'Start again', run } });
  });
}

export function restartNode(desk: Desk): Promise<void> {
  return act(desk, 'restart', async () => {
    await desk.client.call('node.restart', {}, { timeoutMs: 60_000 });
    desk.toast({ tone: 'good', text: 'The node was restarted.' });
  });
}

export function startDemo(desk: Desk): Promise<void> {
  return act(desk, 'demo', async () => {
    await desk.client.call('demo.start', {});
    const run = (): void => void stopDemo(desk);
    desk.toast({
      tone: 'good',
      text: 'Ada, Grace and Edsger are joining.',
      action: { label: 'Stop them', run },
    });
  });
}

export function stopDemo(desk: Desk): Promise<void> {
  return act(desk, 'demo', async () => {
    await desk.client.call('demo.stop', {});
    desk.toast({ tone: 'good', text: 'The demo is stopped.' });
  });
}

/** In the desktop app; its window goes with it. */
export function relaunchApp(desk: Desk): Promise<void> {
  return act(desk, 'relaunch', async () => {
    await desk.client.call('app.relaunch', {});
  });
}

/** What was typed stays when the host refuses it. A node that failed starts with the change. */
export function changeSettings(
  desk: Desk,
  settings: SettingsChange,
  wanted: { engine?: EngineKind; engineHost?: EngineHost } = {},
): Promise<void> {
  return act(desk, 'settings', async () => {
    const before = desk.store.getState().live?.node.state;
    const request = { change: settings, ...wanted };
    await desk.client.call('node.changeSettings', request, { timeoutMs: 60_000 });
    desk.update('node', { edits: {} });
    if (before === 'failed') await desk.client.call('node.start', {}, { timeoutMs: 60_000 });
    const text =
      before === 'stopped'
        ? 'The node starts with the new settings next time.'
        : 'The node runs with the new settings.';
    desk.toast({ tone: 'good', text });
  });
}

/** @returns whether it worked */
export async function switchTopic(desk: Desk, pubsubTopic: string, on: boolean): Promise<boolean> {
  desk.update('node', ({ switching }) => ({ switching: [...switching, pubsubTopic], topicError: null }));
  try {
    await desk.client.call(on ? 'topics.subscribe' : 'topics.unsubscribe', { pubsubTopic });
    return true;
  } catch (error) {
    desk.update('node', { topicError: errorData(error, 'topics.subscribe') });
    return false;
  } finally {
    desk.update('node', ({ switching }) => ({
      switching: switching.filter((topic) => topic !== pubsubTopic),
    }));
  }
}

/** A node that did not run, for its engine took the program along, is started. */
export function isolateEngine(desk: Desk): Promise<void> {
  return act(desk, 'settings', async () => {
    const request = { change: {}, engineHost: 'utility' } as const;
    await desk.client.call('node.changeSettings', request, { timeoutMs: 60_000 });
    await desk.client.call('node.start', {}, { timeoutMs: 60_000 });
    desk.toast({ tone: 'good', text: 'The engine runs in a process of its own, also next time.' });
  });
}
