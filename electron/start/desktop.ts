/** The running app: capture, harness and window, made in this order and ended in the other one. */
import { join } from 'node:path';
import { app, session, type BrowserWindow } from 'electron';
import { Capture } from '../../core/capture/capture.ts';
import { PROFILES } from '../../core/engine/profiles.ts';
import { nodeConfig } from '../../flags/node-config.ts';
import { createHandlers } from '../../server/handlers/handlers.ts';
import { Harness } from '../../server/harness/harness.ts';
import { createDesktopEngine } from '../engines.ts';
import { exportToFile } from '../export-capture.ts';
import { PageConnections } from '../ipc/page-connections.ts';
import { restrictContents } from '../security/contents-rules.ts';
import { servePage } from '../security/page-files.ts';
import { restrictSession } from '../security/session-rules.ts';
import { createWindow, loadPage } from '../window/main-window.ts';
import type { DesktopOptions } from './desktop-flags.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Places } from './places.ts';

export interface DesktopStart {
  options: DesktopOptions;
  places: Places;
  diagnostics: Diagnostics;
}

export class Desktop {
  readonly window: BrowserWindow;
  readonly #capture: Capture;
  readonly #harness: Harness;
  readonly #connections: PageConnections;
  #ended: Promise<void> | null = null;

  private constructor(
    window: BrowserWindow,
    capture: Capture,
    harness: Harness,
    connections: PageConnections,
  ) {
    this.window = window;
    this.#capture = capture;
    this.#harness = harness;
    this.#connections = connections;
  }

  /** When the app is ready. @throws WakuDeskError of the step that failed; nothing is left running then */
  static async start({ options, places, diagnostics }: DesktopStart): Promise<Desktop> {
    const folder = app.getAppPath();
    const refused = (what: string): void => {
      diagnostics.note(`refused: ${what}`);
    };
    diagnostics.step('security', () => {
      restrictContents(refused);
      restrictSession(session.defaultSession, refused);
      servePage(session.defaultSession, join(folder, 'ui'));
    });
    const capture = await diagnostics.step('capture', () =>
      Capture.open(options.capture ?? places.capture, { maxBytes: options.captureMaxSize }),
    );
    try {
      const harness = await diagnostics.step('harness', () => makeHarness(options, places, capture));
      const window = diagnostics.step('window', () => createWindow(folder, { width: 1280, height: 800 }));
      const connections = new PageConnections(window.webContents, {
        harness,
        handlers: createHandlers(
          harness,
          exportToFile(
            () => harness,
            () => window,
          ),
        ),
        refused,
      });
      await diagnostics.step('page', () => loadPage(window));
      void diagnostics
        .step('node', () => harness.node.start())
        .then(() => (options.demo ? harness.demo.start() : undefined))
        // The window shows why.
        .catch(() => undefined);
      return new Desktop(window, capture, harness, connections);
    } catch (error) {
      await capture.close();
      throw error;
    }
  }

  /** The node is stopped and the capture closed. Idempotent. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#connections.close('Waku Desk was stopped.');
    await this.#harness.close();
    await this.#capture.close();
  }
}

function makeHarness(options: DesktopOptions, places: Places, capture: Capture): Promise<Harness> {
  const { library } = options;
  const kind = options.engine === 'auto' ? 'js' : options.engine;
  return Harness.create({
    createEngine: (config, wanted) =>
      createDesktopEngine(wanted, config, wanted === kind && library !== undefined ? { library } : {}),
    engine: kind,
    library,
    config: nodeConfig(options),
    capture,
    version: app.getVersion(),
    profile: PROFILES[options.profile ?? 'harness'].name,
    crashFolder: places.crashes,
  });
}
