/** The running app: capture, harness and window, made in this order and ended in the other one. */
import { join } from 'node:path';
import { app, clipboard, Menu, screen, session, shell, type BrowserWindow } from 'electron';
import { Capture } from '../../core/capture/capture.ts';
import type { MenuCommand } from '../../core/operations/window-bridge-messages.ts';
import { createHandlers } from '../../server/handlers/handlers.ts';
import type { Harness } from '../../server/harness/harness.ts';
import { launchProbesBy } from '../../native/probe/launch.ts';
import { fileHandlers } from '../choose-files.ts';
import { launchUtilityProbe } from '../engine-host/launch-probe.ts';
import type { AppReports } from '../failures/app-report.ts';
import { watchPage } from '../failures/watch-page.ts';
import { PageConnections } from '../ipc/page-connections.ts';
import { restrictContents } from '../security/contents-rules.ts';
import { pageOf } from '../security/answer-page.ts';
import { servePage } from '../security/page-files.ts';
import { servedPage, type PageServer } from '../security/page-server.ts';
import { restrictSession } from '../security/session-rules.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { showAbout } from '../window/about.ts';
import { createWindow, loadPage } from '../window/main-window.ts';
import { menuTemplate } from '../window/menu.ts';
import { readWindowState, usableBounds, writeWindowState } from '../window/window-state.ts';
import type { Build } from './build-file.ts';
import type { DesktopFlags } from './desktop-flags.ts';
import type { Diagnostics } from './diagnostics.ts';
import { makeHarness } from './make-harness.ts';
import type { Places } from './places.ts';
import { relaunchTarget } from './relaunch.ts';
import type { Running } from './second-start.ts';

export interface DesktopStart {
  flags: DesktopFlags;
  build: Build;
  /** The page comes from there; null: it is the app's own. */
  pageServer: PageServer | null;
  places: Places;
  reports: AppReports;
  diagnostics: Diagnostics;
}

export class Desktop implements Running {
  readonly window: BrowserWindow;
  readonly harness: Harness;
  readonly connections: PageConnections;
  readonly #ends: readonly End[];
  #ended: Promise<void> | null = null;

  private constructor(parts: Running, ends: readonly End[]) {
    this.window = parts.window;
    this.harness = parts.harness;
    this.connections = parts.connections;
    this.#ends = ends;
  }

  /** When the app is ready. @throws WakuDeskError of the step that failed; nothing is left running then */
  static async start(start: DesktopStart): Promise<Desktop> {
    const { flags, pageServer, places, diagnostics } = start;
    const folder = app.getAppPath();
    const refused = (what: string): void => {
      diagnostics.note(`refused: ${what}`);
    };
    diagnostics.step('security', () => {
      restrictContents(refused);
      restrictSession(session.defaultSession, pageServer, refused);
      servePage(
        session.defaultSession,
        pageServer === null ? pageOf(join(folder, 'ui')) : servedPage(pageServer),
      );
    });
    launchProbesBy(launchUtilityProbe);
    const problems: string[] = [];
    const told = (problem: string): void => {
      diagnostics.note(problem);
      if (connections === undefined) problems.push(problem);
      else connections.notify('bad', problem);
    };
    let connections: PageConnections | undefined;
    const ends: End[] = [];
    const settings = new SettingsFile(places.settings, told);
    ends.push(() => settings.settled());
    const broken = await diagnostics.step('settings', () => settings.read());
    if (broken !== null) told(broken);
    const capture = await diagnostics.step('capture', () =>
      Capture.open(flags.options.capture ?? places.capture, { maxBytes: flags.options.captureMaxSize }),
    );
    ends.push(() => capture.close());
    try {
      const harness = await diagnostics.step('harness', () =>
        makeHarness({ ...start, capture, settings, told }),
      );
      ends.push(() => harness.close());
      const window = await diagnostics.step('window', () => openWindow(folder, places));
      connections = connect(window, harness, { ...start, refused });
      const opened = { window, harness, connections };
      ends.push(() => {
        opened.connections.close('Waku Desk was stopped.');
      });
      // Closed, it was kept when that happened.
      ends.push(() => (window.isDestroyed() ? undefined : keepWindowState(window, places)));
      for (const problem of problems) connections.notify('bad', problem);
      watchPage(window, start.reports);
      await diagnostics.step('page', () => loadPage(window));
      startNode(harness, start);
      return new Desktop(opened, ends);
    } catch (error) {
      // Why there is no start says more than what became of its end.
      await diagnostics.step('end', () => endAll(ends)).catch(() => undefined);
      throw error;
    }
  }

  /** The node is stopped and the capture closed. Idempotent. */
  end(): Promise<void> {
    this.#ended ??= endAll(this.#ends);
    return this.#ended;
  }
}

type End = () => Promise<void> | void;

/** What was opened last first; one that fails does not keep the others open. @throws as the first that failed */
async function endAll(ends: readonly End[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of [...ends].reverse())
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
}

async function openWindow(folder: string, places: Places): Promise<BrowserWindow> {
  const state = await readWindowState(places.windowState);
  const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea);
  const window = createWindow(folder, usableBounds(state, areas));
  if (state?.isMaximized === true) window.maximize();
  window.on('close', () => void keepWindowState(window, places));
  return window;
}

/** A disk that refuses it costs a window in the usual place. */
async function keepWindowState(window: BrowserWindow, { windowState }: Places): Promise<void> {
  const state = { ...window.getNormalBounds(), isMaximized: window.isMaximized() };
  await writeWindowState(windowState, state).catch(() => undefined);
}

function connect(
  window: BrowserWindow,
  harness: Harness,
  { places, diagnostics, refused }: DesktopStart & { refused: (what: string) => void },
): PageConnections {
  const showMenu = (commands: readonly MenuCommand[]): void => {
    const acts = {
      run: (id: string) => {
        connections.sendCommand(id);
      },
      reload: () => void loadPage(window).catch(() => undefined),
      about: () => void showAbout(window, harness),
      copyDiagnostics: () => void clipboard.writeText(diagnostics.text),
      showFolder: () => void shell.openPath(places.folder),
    };
    const host = { isMac: process.platform === 'darwin', hasDeveloperTools: !app.isPackaged };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(commands, acts, host)));
  };
  const handlers = createHandlers(harness, {
    ...fileHandlers(harness, window),
    'app.relaunch': () => {
      app.relaunch(relaunchTarget(process));
      // The page gets its answer first.
      setImmediate(() => {
        app.quit();
      });
      return null;
    },
  });
  const connections = new PageConnections(window.webContents, {
    harness,
    handlers,
    commands: showMenu,
    refused,
  });
  showMenu([]);
  return connections;
}

/** The window shows how it goes, and why not. */
function startNode(harness: Harness, { flags, diagnostics }: DesktopStart): void {
  // An engine that took the app along might do so again: the window asks first.
  if (harness.previousEnd?.crashed === true && harness.engineHost === 'main') {
    diagnostics.note('the node is not started: the app crashed with the engine in it the time before');
    return;
  }
  void diagnostics
    .step('node', () => harness.node.start())
    .then(() => (flags.options.demo ? harness.demo.start() : undefined))
    .catch(() => undefined);
}
