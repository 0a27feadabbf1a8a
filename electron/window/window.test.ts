import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { menuTemplate, type MenuActs } from './menu.ts';
import { readWindowState, usableBounds, writeWindowState } from './window-state.ts';

const MAIN = { x: 0, y: 0, width: 1920, height: 1080 };
const RIGHT = { x: 1920, y: 0, width: 1280, height: 1024 };

describe('a window that was there before', () => {
  const state = { x: 2000, y: 100, width: 1000, height: 700, isMaximized: false };

  it('is in its place again', () => {
    expect(usableBounds(state, [MAIN, RIGHT])).toEqual({ x: 2000, y: 100, width: 1000, height: 700 });
  });

  it('is on the main screen where its own was taken away', () => {
    expect(usableBounds(state, [MAIN])).toEqual({ width: 1000, height: 700 });
  });

  it.each([
    ['below every screen', { y: 5_000 }],
    ['with its upper edge out of sight', { y: -200 }],
    ['with a strip too narrow to be grabbed', { x: 1920 + 1280 - 50 }],
  ])('is brought back: %s', (_name, place) => {
    expect(usableBounds({ ...state, ...place }, [MAIN, RIGHT])).not.toHaveProperty('x');
  });

  it('is no larger than its screen', () => {
    const { width, height } = usableBounds({ ...state, width: 9_000, height: 9_000, x: 0 }, [MAIN]);
    expect([width, height]).toEqual([1920, 1080]);
  });

  it('has a size of its own where there is none, and no screen', () => {
    expect(usableBounds(null, [MAIN])).toEqual({ width: 1280, height: 800 });
    expect(usableBounds(null, [])).toEqual({ width: 1280, height: 800 });
  });

  it('is forgotten where the file is no state', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waku-desk-window-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'window.json');
    expect(await readWindowState(file)).toBeNull();
    await writeWindowState(file, state);
    expect(await readWindowState(file)).toEqual(state);
    await writeFile(file, '{"x":"left"}');
    expect(await readWindowState(file)).toBeNull();
  });
});

describe('the menu', () => {
  const commands = [
    { id: 'go.peers', title: 'Peers & more', group: 'Go to', shortcut: '2' },
    { id: 'export.csv', title: 'Export', group: 'Messages', shortcut: 'mod+e' },
    { id: 'filter', title: 'Filter', group: 'Messages' },
    { id: 'theme', title: 'Theme', group: 'Window', shortcut: '?' },
  ];
  const ran: string[] = [];
  const nothing = (): void => undefined;
  const acts: MenuActs = {
    run: (id) => ran.push(id),
    reload: nothing,
    about: nothing,
    copyDiagnostics: nothing,
    showFolder: nothing,
  };
  const itemsOf = (isMac: boolean, label: string) => {
    const menu = menuTemplate(commands, acts, { isMac, hasDeveloperTools: false });
    const { submenu } = menu.find((one) => one.label === label) ?? {};
    return Array.isArray(submenu) ? submenu : [];
  };

  it('has every command of the page in one place, by its own words', () => {
    const menu = menuTemplate(commands, acts, { isMac: false, hasDeveloperTools: false });
    expect(menu.map(({ label, role }) => label ?? role)).toEqual([
      'File',
      'editMenu',
      'Go to',
      'Messages',
      'View',
      'Help',
    ]);
    expect(itemsOf(false, 'File')[0]).toMatchObject({ label: 'Export', accelerator: 'CmdOrCtrl+E' });
    expect(itemsOf(false, 'Go to')[0]).toMatchObject({ label: 'Peers && more', accelerator: '2' });
    expect(itemsOf(false, 'Messages').map(({ label }) => label)).toEqual(['Filter']);
    expect(itemsOf(false, 'View')[0]).toMatchObject({ label: 'Theme' });
  });

  it('shows keys and leaves them to the page, so that they do not act while somebody types', () => {
    const items = ['File', 'Go to', 'View'].flatMap((label) => itemsOf(false, label));
    const shown = items.filter(
      ({ label, accelerator }) => accelerator !== undefined && label !== 'Reload the window',
    );
    expect(shown).toHaveLength(3);
    for (const item of shown) expect(item.registerAccelerator).toBe(false);
    // There every key that is shown acts.
    expect(itemsOf(true, 'Go to')[0]).not.toHaveProperty('accelerator');
  });

  it('runs what was chosen', () => {
    const item = itemsOf(false, 'Messages')[0];
    Reflect.apply(item?.click ?? nothing, undefined, []);
    expect(ran).toEqual(['filter']);
  });

  it('has tools for developers in a checkout only', () => {
    const roles = (hasDeveloperTools: boolean) =>
      JSON.stringify(menuTemplate(commands, acts, { isMac: false, hasDeveloperTools }));
    expect(roles(true)).toContain('toggleDevTools');
    expect(roles(false)).not.toContain('toggleDevTools');
  });
});
