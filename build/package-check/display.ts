/** A screen of its own for the application, and what can be seen on it. */
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openScreen, xdotool, type Screen } from '../../e2e/desktop/screen.ts';
import { colours, readPicture, type Rectangle } from './picture.ts';
import type { Started } from './processes.ts';

const run = promisify(execFile);
const LOOK_MS = 250;

export class Display {
  readonly #screen: Screen;
  /** A dump of it. */
  readonly #picture: string;

  /** @throws where there is no Xvfb */
  static async start(folder: string): Promise<Display> {
    await mkdir(folder, { recursive: true });
    return new Display(await openScreen('1280x900x24', folder), join(folder, 'Xvfb_screen0'));
  }

  private constructor(screen: Screen, picture: string) {
    this.#screen = screen;
    this.#picture = picture;
  }

  /** For the environment variable DISPLAY. */
  get name(): string {
    return this.#screen.display;
  }

  /** The window with this title, when it is there. @throws after `timeoutMs` */
  async window(title: string, timeoutMs: number, app: Started): Promise<{ id: string; place: Rectangle }> {
    return this.poll(`a window '${title}'`, timeoutMs, app, async () => {
      const { stdout } = await run('xwininfo', ['-display', this.name, '-root', '-tree']);
      for (const line of stdout.split('\n')) {
        const match =
          /^\s*(0x[0-9a-f]+) "(.*)": \(.*\)\s+(\d+)x(\d+)\+-?\d+\+-?\d+\s+\+(-?\d+)\+(-?\d+)/.exec(line);
        const [, id = '', name = '', width, height, left, top] = match ?? [];
        // Others with that name have no size: they are for the clipboard.
        if (name.includes(title) && Number(width) > 200)
          return {
            id,
            place: { left: Number(left), top: Number(top), width: Number(width), height: Number(height) },
          };
      }
      return null;
    });
  }

  /** How many colours a part of the screen has when it is more than a blank page. @throws after `timeoutMs` */
  async picture(place: Rectangle, timeoutMs: number, app: Started): Promise<number> {
    return this.poll('something in the window', timeoutMs, app, async () => {
      const { count, largestShare } = colours(readPicture(await readFile(this.#picture)), place);
      // A blank page, or a sentence on one.
      return count >= 20 && largestShare < 0.97 ? count : null;
    });
  }

  /** Gives the window the keyboard: there is no window manager. */
  async focus(id: string): Promise<void> {
    await xdotool(this.name, 'windowfocus', '--sync', id);
  }

  async press(...keys: string[]): Promise<void> {
    await xdotool(this.name, 'key', '--delay', '60', ...keys);
  }

  async type(text: string): Promise<void> {
    await xdotool(this.name, 'type', '--delay', '25', text);
  }

  async stop(): Promise<void> {
    await this.#screen.close();
  }

  /** Asks again and again: a screen tells nobody that it has changed. */
  async poll<T>(what: string, timeoutMs: number, app: Started, look: () => Promise<T | null>): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      const why = app.isRunning ? `not within ${timeoutMs / 1_000} s` : 'the application has ended';
      if (!app.isRunning || Date.now() > deadline) throw new Error(`${what}: ${why}${app.lastWords}`);
      await delay(LOOK_MS);
    }
  }
}
