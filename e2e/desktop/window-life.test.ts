/**
 * What becomes of the window: a page that ends or hangs, a window that is closed. Dialogs are
 * answered in Electron's place (`dialogs.ts`), for no hand can reach them here. A page that hangs does so, but the
 * event that tells of it is emitted by the test: Chromium gives it for no page that a debugger looks at, as Playwright's
 * does. That on macOS the app outlives its window cannot be seen on another system.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCaptureFiles } from '../capture-files.ts';
import { publish, startNode, temporaryFolder } from '../nodes.ts';
import { PATIENCE, see } from '../window/desk-window.ts';
import { answerQuestions } from './dialogs.ts';
import { exitOf, useDesktop, type Desk } from './launch-desk.ts';

const TEST_MS = 240_000;
const desktop = useDesktop();

/** Playwright knows a page that has ended no more, also when another is loaded in its window. */
function inNewPage({ app }: Desk, expression: string): Promise<unknown> {
  return app.evaluate(
    ({ BrowserWindow }, code) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code) as unknown,
    expression,
  );
}

async function expectRows(desk: Desk, count: number): Promise<void> {
  const shown = `[document.querySelector('.chip')?.innerText, document.querySelectorAll('[role=row][data-key]').length]`;
  await expect
    .poll(() => inNewPage(desk, shown).catch(String), { timeout: 60_000 })
    .toEqual([expect.stringContaining('1 peer'), count]);
}

describe('the page', () => {
  it(
    'that crashes or hangs is told of and loaded again with everything, while the node goes on',
    { timeout: TEST_MS },
    async () => {
      const node = await startNode();
      const desk = await desktop.launch({ flags: [`--connect=${node.address}`] });
      await desk.window.expectChip('1 peer');
      await publish(node.address, { payload: 'before' });
      await see(desk.window.messages.rows).toHaveCount(1);
      const asked = await answerQuestions(desk.app, 'Reload');
      const said = async (): Promise<string[]> => (await asked()).map(({ message }) => message);

      await desk.app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
      });
      const ended = expect.stringMatching(/^The page in the window ended by itself/) as unknown;
      await expect.poll(said, PATIENCE).toEqual([ended]);
      await expectRows(desk, 1);
      await publish(node.address, { payload: 'after the crash' });
      await expectRows(desk, 2);

      await desk.app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        void contents?.executeJavaScript('for (;;);').catch(() => undefined);
        contents?.emit('unresponsive');
      });
      await publish(node.address, { payload: 'while it hangs' });
      await expect.poll(said, PATIENCE).toEqual([ended, 'The page in the window does not answer.', ended]);
      await expectRows(desk, 3);

      const { messages, gaps } = await readCaptureFiles(join(desk.folder, 'capture'));
      expect(messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(gaps).toEqual([]);
      const reports = readdirSync(join(desk.folder, 'crashes')).filter((name) =>
        name.endsWith('-desktop-page.json'),
      );
      expect(reports).toHaveLength(3);
    },
  );
});

describe('the window', () => {
  it(
    'that is closed ends the app in order; opened again it is in its place, with the same node and messages',
    { timeout: TEST_MS },
    async () => {
      const folder = await temporaryFolder();
      const node = await startNode();
      const first = await desktop.launch({ folder, flags: [`--connect=${node.address}`] });
      await first.window.expectChip('1 peer');
      await publish(node.address, { payload: 'kept' });
      await see(first.window.messages.rows).toHaveCount(1);
      await first.window.goTo('Node');
      const peerId = await first.window.node.peerId();
      const place = { x: 120, y: 90, width: 900, height: 640 };
      await first.app.evaluate(({ BrowserWindow }, bounds) => {
        BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
      }, place);
      const exit = exitOf(first.app);
      // The answer may be lost with the process.
      await first.app
        .evaluate(({ BrowserWindow }) => {
          BrowserWindow.getAllWindows()[0]?.close();
        })
        .catch(() => undefined);
      expect(await exit, first.stderr()).toEqual({ code: 0, signal: null });

      const second = await desktop.launch({ folder });
      await second.window.expectChip('no peers');
      await see(second.window.previousEnd).toHaveCount(0);
      await see(second.window.messages.rows).toHaveCount(1);
      await second.window.goTo('Node');
      expect(await second.window.node.peerId()).toBe(peerId);
      const bounds = await second.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.getBounds(),
      );
      expect(bounds).toEqual(place);
    },
  );
});
