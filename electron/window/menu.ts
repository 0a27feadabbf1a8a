/** The menu: what the page can do, by its own words and keys, and what every window has. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../core/operations/window-bridge-messages.ts';

export interface MenuActs {
  run: (commandId: string) => void;
  reload: () => void;
  about: () => void;
  copyDiagnostics: () => void;
  /** Opens the folder where everything is kept. */
  showFolder: () => void;
}

/** Groups of the page that stand among the app's own menus, and not as one of their own. */
const WINDOW_GROUP = 'Window';
const EXPORTS = 'export.';

export function menuTemplate(
  commands: readonly MenuCommand[],
  acts: MenuActs,
  { isMac, hasDeveloperTools }: { isMac: boolean; hasDeveloperTools: boolean },
): MenuItemConstructorOptions[] {
  const item = (command: MenuCommand): MenuItemConstructorOptions => commandItem(command, acts.run, isMac);
  const isFile = ({ id }: MenuCommand): boolean => id.startsWith(EXPORTS);
  const groups = [...new Set(commands.map(({ group }) => group))].filter((group) => group !== WINDOW_GROUP);
  const exports = commands.filter(isFile).map(item);
  return [
    ...(isMac ? [appMenu(acts)] : []),
    {
      label: 'File',
      submenu: [
        ...exports,
        ...(exports.length > 0 ? [{ type: 'separator' } as const] : []),
        { label: 'Show where everything is kept', click: acts.showFolder },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    ...groups.map((group) => ({
      label: group,
      submenu: commands.filter((one) => one.group === group && !isFile(one)).map(item),
    })),
    {
      label: 'View',
      submenu: [
        ...commands.filter(({ group }) => group === WINDOW_GROUP).map(item),
        { type: 'separator' },
        { label: 'Reload the window', accelerator: 'CmdOrCtrl+R', click: acts.reload },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(hasDeveloperTools ? [{ role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      label: 'Help',
      role: 'help',
      submenu: [
        { label: 'Copy diagnostics', click: acts.copyDiagnostics },
        ...(isMac ? [] : [{ label: 'About Waku Desk', click: acts.about }]),
      ],
    },
  ];
}

function appMenu(acts: MenuActs): MenuItemConstructorOptions {
  return {
    label: 'Waku Desk',
    submenu: [
      { label: 'About Waku Desk', click: acts.about },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

/** The page hears its keys itself, so that they do not act while somebody types; the menu only shows them. */
function commandItem(
  { id, title, shortcut }: MenuCommand,
  run: (commandId: string) => void,
  isMac: boolean,
): MenuItemConstructorOptions {
  const accelerator = acceleratorOf(shortcut, isMac);
  return {
    label: title.replaceAll('&', '&&'),
    click: () => {
      run(id);
    },
    ...(accelerator !== null && { accelerator, registerAccelerator: false }),
  };
}

/** As Electron writes it; null for keys without Ctrl on a Mac, where they cannot be shown without acting. */
function acceleratorOf(shortcut: string | undefined, isMac: boolean): string | null {
  if (shortcut === undefined) return null;
  const [, key] = /^mod\+(.+)$/.exec(shortcut) ?? [];
  if (key !== undefined) return `CmdOrCtrl+${key.toUpperCase()}`;
  return isMac ? null : shortcut.length === 1 ? shortcut.toUpperCase() : shortcut;
}
