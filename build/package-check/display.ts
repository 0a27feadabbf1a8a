/** A screen of its own for the application, and what can be seen on it. */
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { colours, readScreen, type Rectangle } from './screen.ts';
import { Started } from './processes.ts';

const run = promisify(execFile);
const START_MS = 30_000;
const LOOK_MS = 250;

export class Display {
  readonly name: string;
  readonly #server: Started;
  readonly #screen: string;

  /** @throws where there is no Xvfb */
  static async start(work: string): Promise<Display> {
    const folder = join(work, 'screen');
    await mkdir(folder, { recursive: true });
    // It chooses a free number and prints it on descriptor 1.
    const args = ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-fbdir', folder];
    const server = new Started('Xvfb', args);
    const number = await server.find('Xvfb', START_MS, (line) => (/^\d+$/.test(line) ? line : null));
    return new Display(`:${number}`, server, join(folder, 'Xvfb_screen0'));
  }

  private constructor(name: string, server: Started, screen: string) {
    this.name = name;
    this.#server = server;
    this.#screen = screen;
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
      const { count, largestShare } = colours(readScreen(await readFile(this.#screen)), place);
      // A blank page, or a sentence on one.
      return count >= 20 && largestShare < 0.97 ? count : null;
    });
  }

  /** Gives the window the keyboard: there is no window manager. */
  async focus(id: string): Promise<void> {
    await this.#xdotool('windowfocus', '--sync', id);
  }

  async press(...keys: string[]): Promise<void> {
    await this.#xdotool('key', '--delay', '60', ...keys);
  }

  async type(text: string): Promise<void> {
    await this.#xdotool('type', '--delay', '25', text);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
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

  async #xdotool(...args: string[]): Promise<void> {
    await run('xdotool', args, { env: { ...process.env, DISPLAY: this.name } });
  }
}
