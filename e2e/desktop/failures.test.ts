/** What breaks in the app is said, and reported; the node goes on where it can. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_TOPIC, temporaryFolder } from '../nodes.ts';
import { PATIENCE, see } from '../window/desk-window.ts';
import { answerQuestions } from './dialogs.ts';
import { useDesktop } from './launch-desk.ts';

const desktop = useDesktop();

async function reportsOf(folder: string): Promise<Record<string, unknown>[]> {
  const names = await readdir(join(folder, 'crashes')).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, 'crashes', name), 'utf8')));
  return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}

describe('a page that ended', () => {
  it('is loaded again with everything that was there, and leaves a report', async () => {
    const desk = await desktop.launch();
    const { app, window, folder } = desk;
    await window.expectChip('no peers');
    await window.goTo('Publish');
    await window.publish.send('before', CONTENT_TOPIC);
    const asked = await answerQuestions(app, 'Reload');
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    await expect
      .poll(
        async () => (await asked()).map(({ message, buttons }) => `${message} ${buttons.join(', ')}`),
        PATIENCE,
      )
      .toEqual([
        expect.stringMatching(
          /^The page in the window ended by itself \(\w+\)\. Reload, Quit, Save report…$/,
        ),
      ]);
    // Playwright's own page is gone with the process; the app's main process tells of the new one.
    const title = (): Promise<string | undefined> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getTitle());
    await expect.poll(title, PATIENCE).toBe('Messages · Waku Desk');
    const rows = (): Promise<unknown> =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          'document.querySelectorAll("[role=row][data-key]").length',
        ),
      );
    await expect.poll(rows, PATIENCE).toBe(1);
    expect(await reportsOf(folder)).toEqual([expect.objectContaining({ part: 'page' })]);
  });
});

describe('an error in the main process that nobody expected', () => {
  it('is told and reported, and the app ends with its capture closed', async () => {
    const folder = await temporaryFolder();
    const desk = await desktop.launch({ folder });
    await desk.window.expectChip('no peers');
    await answerQuestions(desk.app, 'Quit');
    const ended = once(desk.app.process(), 'exit');
    await desk.app
      .evaluate(() => {
        setTimeout(() => {
          throw new Error('on purpose');
        });
      })
      .catch(() => undefined);
    expect((await ended)[0]).toBe(1);
    const said = 'broken: Waku Desk met an error that it did not expect: on purpose';
    await expect.poll(() => desk.stderr(), PATIENCE).toContain(said);
    expect(await reportsOf(folder)).toEqual([
      expect.objectContaining({
        part: 'main',
        details: expect.objectContaining({ origin: 'uncaughtException' }) as unknown,
      }),
    ]);
    expect(await readdir(join(folder, 'capture'))).not.toContain('writer.lock');
  });
});

describe("Chromium's process for pictures", () => {
  it('is started again when it ends, with a report, and the window goes on', async () => {
    const { app, window, folder } = await desktop.launch();
    await window.expectChip('no peers');
    const pid = await app.evaluate(
      ({ app: electron }) => electron.getAppMetrics().find(({ type }) => type === 'GPU')?.pid,
    );
    expect(pid).toBeGreaterThan(0);
    process.kill(pid ?? 0, 'SIGKILL');
    const reports = (): Promise<unknown[]> => reportsOf(folder);
    await expect.poll(reports, PATIENCE).toEqual([expect.objectContaining({ part: 'gpu' })]);
    await window.goTo('Peers');
    await see(window.page.getByRole('main', { name: 'Peers' })).toBeVisible();
  });
});

describe('an export', () => {
  it('lands where the dialog says, and nowhere when it is dismissed', async () => {
    const { app, window, folder } = await desktop.launch();
    await window.expectChip('no peers');
    await window.goTo('Publish');
    await window.publish.send('to be exported', CONTENT_TOPIC);
    await window.goTo('Messages');
    await see(window.messages.rows).toHaveCount(1);
    const answer = (filePath: string): Promise<void> =>
      app.evaluate(({ dialog }, path) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: path === '', filePath: path });
      }, filePath);
    await answer('');
    await window.command('Export shown messages as NDJSON');
    await answer(join(folder, 'exported.ndjson'));
    await window.command('Export shown messages as NDJSON');
    await see(window.toasts).toHaveText(/^Wrote 1 message to .*exported\.ndjson/);
    expect(await readFile(join(folder, 'exported.ndjson'), 'utf8')).toContain(CONTENT_TOPIC);
    await answer('/dev/null/exported.csv');
    await window.command('Export shown messages as CSV');
    await see(window.toasts).toContainText('Choose another place for the file');
  });
});
