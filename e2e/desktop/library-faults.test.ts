/**
 * The profile nwaku, whose library runs in the app's main process, with the fixture library in libwaku's place: what
 * becomes of the app when the library crashes or hangs.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixturePath } from '../../native/build.mjs';
import { prepare } from '../../native/ffi/fixture-session.ts';
import { CONTENT_TOPIC, temporaryFolder } from '../nodes.ts';
import { see } from '../window/desk-window.ts';
import { exitOf, quit, useDesktop, type Desk } from './launch-desk.ts';
import { REACHABLE, relaunchedBy } from './relaunched.ts';

const TEST_MS = 240_000;
const desktop = useDesktop();

let unprepared: string | undefined;
beforeAll(async () => {
  unprepared = await prepare();
}, TEST_MS);
beforeEach((context) => {
  if (unprepared !== undefined) context.skip(unprepared);
});

/** @param fixture how the library misbehaves */
function launch(folder: string, fixture: object, flags: readonly string[] = []): Promise<Desk> {
  return desktop.launch({
    folder,
    flags: ['--profile=nwaku', `--library=${fixturePath('b')}`, ...flags],
    environment: { WAKU_DESK_FIXTURE: JSON.stringify(fixture) },
  });
}

describe('the profile nwaku with the fixture library', () => {
  it(
    'whose library crashes ends with it; the next start says so, offers to isolate it, and runs isolated',
    { timeout: TEST_MS },
    async () => {
      const folder = await temporaryFolder();
      const crashing = await launch(folder, { meshPeers: 2, crashIn: 'waku_relay_publish' });
      await crashing.window.expectChip('2 peers');
      const exit = exitOf(crashing.app);
      await crashing.window.goTo('Publish');
      // The click may not return: the app ends with it.
      await crashing.window.publish.send('the last', CONTENT_TOPIC).catch(() => undefined);
      expect(await exit).toEqual({ code: null, signal: 'SIGSEGV' });

      const { window } = await launch(folder, { meshPeers: 2 });
      await see(window.previousEnd).toContainText('crashed with the engine in its main process');
      await window.expectChip('stopped');
      await window.previousEnd.getByRole('button', { name: 'Isolate the engine' }).click();
      await window.expectChip('2 peers');
    },
  );

  it(
    'whose library stops answering is not started again in this process: the app starts again, with its flags, and the node runs',
    { timeout: TEST_MS },
    async () => {
      const fixture = { meshPeers: 2, barkBehind: 'waku_relay_publish', quirks: 'deafBehindBark' };
      const desk = await launch(await temporaryFolder(), fixture, [REACHABLE]);
      const { window } = desk;
      await window.expectChip('2 peers');
      await window.goTo('Publish');
      await window.publish.send('the last', CONTENT_TOPIC);
      await window.expectChip('RESTART_NEEDS_NEW_PROCESS');
      await window.goTo('Node');
      await see(window.node.problem).toContainText('The node does not respond.');
      const next = await relaunchedBy(desk, () =>
        window.node.problem.getByRole('button', { name: 'Start the app again' }).click(),
      );
      expect(next.pid).not.toBe(desk.pid);
      await next.window.expectChip('2 peers');
      await next.window.goTo('Node');
      await see(next.window.node.section('Engine')).toContainText('nwaku');
      await next.end();
    },
  );

  it(
    'that never answers a publish goes on: the window says TIMED_OUT and what to do, and the app is quit in order',
    { timeout: TEST_MS },
    async () => {
      const desk = await launch(await temporaryFolder(), {
        meshPeers: 2,
        silentIn: 'waku_relay_publish',
      });
      const { window } = desk;
      await window.expectChip('2 peers');
      await window.goTo('Publish');
      await window.publish.send('never answered', CONTENT_TOPIC);
      // Meanwhile the window is as usable as ever.
      await window.goTo('Messages');
      await see(window.messages.rows).toHaveCount(1);
      await window.goTo('Publish');
      const sent = window.publish.sends.first();
      await see(sent).toContainText('TIMED_OUT');
      await see(sent).toContainText('look in the list of messages before you send it again');
      await window.expectChip('2 peers');
      const { code, signal, afterMs } = await quit(desk.app);
      expect({ code, signal }, desk.stderr()).toEqual({ code: 0, signal: null });
      expect(afterMs).toBeLessThan(30_000);
    },
  );

  it('whose library hangs in its stop is quit all the same, in time', { timeout: TEST_MS }, async () => {
    const folder = await temporaryFolder();
    const desk = await launch(folder, { meshPeers: 2, hangIn: 'waku_stop' });
    await desk.window.expectChip('2 peers');
    const { afterMs, ...exit } = await quit(desk.app);
    expect(exit, desk.stderr()).toEqual({ code: 0, signal: null });
    // Let go at the engine's deadline: it did hang.
    expect(afterMs).toBeGreaterThan(2_000);
    expect(afterMs).toBeLessThan(30_000);
  });
});
