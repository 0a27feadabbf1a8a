import { expect, it } from 'vitest';
import type { EngineState } from '../../core/engine/events.ts';
import { createDesk } from './desk.ts';
import { fixtureSnapshot } from '../../core/operations/fixture-values.ts';
import { FixtureClient } from './fixture-client.ts';
import { changeSettings } from './node-actions.ts';

it.each<[before: EngineState, starts: boolean, words: string]>([
  ['running', false, 'The node runs with the new settings.'],
  ['failed', true, 'The node runs with the new settings.'],
  ['stopped', false, 'The node starts with the new settings next time.'],
])('settings changed on a node that is %s', async (before, starts, words) => {
  const client = new FixtureClient();
  const desk = createDesk(client);
  const { node, settings } = fixtureSnapshot();
  client.snapshot({ node: { ...node, state: before } });
  client.answers['node.changeSettings'] = () => settings;
  client.answers['node.start'] = () => ({ peerId: '16Uiu2', listenAddresses: [], enr: null, version: '1' });
  await changeSettings(desk, { tcpPort: 0 });
  expect(client.calls.some(([name]) => name === 'node.start')).toBe(starts);
  expect(desk.store.getState().toasts.map(({ text }) => text)).toEqual([words]);
});
