/** The view of the doctor, and the choice of the engine. Libraries are the fixture. */
import { rm } from 'node:fs/promises';
import { beforeAll, describe, it, onTestFinished } from 'vitest';
import { fixturePath } from '../../native/build.mjs';
import { prepare } from '../../native/ffi/fixture-session.ts';
import { serveForTest, useBrowser, type RunningServe } from './browser-host.ts';
import { see, type DeskWindow } from './desk-window.ts';
import { libraryFolder, type LibraryFolder } from './library-folder.ts';

describe('doctor', () => {
  const { openWindow } = useBrowser();
  let unprepared: string | undefined;
  beforeAll(async () => {
    unprepared = await prepare();
  });

  async function open(
    from: string | null,
  ): Promise<{ desk: DeskWindow; serve: RunningServe; folder: LibraryFolder }> {
    const folder = await libraryFolder(from);
    onTestFinished(() => folder.remove());
    const serve = await serveForTest([], folder.environment);
    return { desk: await openWindow(serve.url), serve, folder };
  }

  it('tells what can run, and takes an absent library as normal', async () => {
    const { desk } = await open(null);
    const { doctor } = desk;
    await desk.page.keyboard.press('7');
    await desk.expectView('Doctor');
    await see(doctor.headline).toContainText('Everything that is needed works');
    await see(doctor.finding('libwaku')).toContainText('https://github.com/waku-org/nwaku/releases');
    await see(doctor.findings.first()).toContainText('notice');
    await see(doctor.engines).toContainText(/js in use\s*can run/);
    await see(doctor.engines).toContainText('cannot run: libwaku is not on this machine.');
    await see(doctor.entry).toHaveText('Doctor');
    await doctor.finding('Clock').getByText('Details').click();
    await see(doctor.finding('Clock')).toContainText('timeZone');
    await doctor.engines.getByRole('button', { name: 'Choose the engine' }).click();
    await see(desk.node.settings).toContainText('nwaku cannot run: libwaku is not on this machine.');
    await see(desk.node.engine.locator('option', { hasText: 'nwaku' })).toBeDisabled();
  });

  it('counts what is bad in the side bar until it is repaired', async () => {
    const { desk, folder } = await open('broken');
    const { doctor } = desk;
    await see(doctor.entry).toHaveText('Doctor1 bad');
    await desk.goTo('Doctor');
    await see(doctor.headline).toHaveText('1 thing to repair');
    await see(doctor.findings.first()).toContainText('is a web page, not a library');
    await rm(folder.library);
    await doctor.again.click();
    await see(doctor.entry).toHaveText('Doctor');
    await see(doctor.headline).toContainText('Everything that is needed works');
  });

  it('another engine is chosen in the settings, and back', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const { desk } = await open(fixturePath('b'));
    const { node } = desk;
    await desk.goTo('Node');
    await node.openTab('Settings');
    await node.engine.selectOption('nwaku');
    await node.settings.getByRole('button', { name: 'Apply and restart' }).click();
    await see(desk.toasts).toContainText('new settings');
    await see(desk.page.getByRole('banner')).toContainText('v0.37.1-fixture');
    await see(node.engine).toHaveValue('nwaku');
    await desk.goTo('Doctor');
    await see(desk.doctor.engines).toContainText(/nwaku in use/);
    await desk.goTo('Node');
    await node.engine.selectOption('js');
    await node.settings.getByRole('button', { name: 'Apply and restart' }).click();
    await see(desk.page.getByRole('banner')).toContainText('libp2p');
    await desk.expectChip('no peers');
  });

  it('an engine whose library has gone is refused, the node runs on, and the doctor is one click away', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const { desk, folder } = await open(fixturePath('b'));
    const { node } = desk;
    await desk.goTo('Doctor');
    await see(desk.doctor.engines).toContainText(/nwaku\s*can run/);
    await desk.goTo('Node');
    await node.openTab('Settings');
    await see(node.engine.locator('option', { hasText: 'nwaku' })).toBeEnabled();
    // Behind the doctor's back.
    await rm(folder.library);
    await node.engine.selectOption('nwaku');
    await node.settings.getByRole('button', { name: 'Apply and restart' }).click();
    const alert = desk.page.getByRole('main').getByRole('alert');
    await see(alert).toContainText('LIBRARY_MISSING');
    await desk.expectChip('no peers');
    await see(node.engine).toHaveValue('nwaku');
    await alert.getByRole('button', { name: 'Open the doctor' }).click();
    await desk.expectView('Doctor');
  });

  it('a node whose library has gone fails with that, and the chip leads to the doctor', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const { desk, folder } = await open(fixturePath('b'));
    const { node } = desk;
    await desk.goTo('Node');
    await node.openTab('Settings');
    await node.engine.selectOption('nwaku');
    await node.settings.getByRole('button', { name: 'Apply and restart' }).click();
    await see(desk.page.getByRole('banner')).toContainText('v0.37.1-fixture');
    await rm(folder.library);
    await node.act('Restart');
    await desk.expectChip('LIBRARY_MISSING');
    await desk.chip.click();
    await desk.expectView('Doctor');
    await desk.doctor.again.click();
    await see(desk.doctor.finding('libwaku')).toContainText('bad');
  });
});
