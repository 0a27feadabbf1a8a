/** A screen that nobody sees, so that windows can be opened where there is no other. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface Screen {
  /** For the environment variable DISPLAY. */
  display: string;
  close(): Promise<void>;
}

const PROGRAMS = ['Xvfb', 'xdotool'];
export const NO_SCREEN = `needs ${PROGRAMS.join(' and ')} on the PATH`;

export function hasScreenPrograms(): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return PROGRAMS.every((name) => folders.some((folder) => existsSync(join(folder, name))));
}

/**
 * Xvfb chooses a free number itself.
 * @param folder gets the file Xvfb_screen0 with what is on it
 */
export async function openScreen(size = '1600x1000x24', folder?: string): Promise<Screen> {
  const picture = folder === undefined ? [] : ['-fbdir', folder];
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', ...picture], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => {
    server.kill();
  };
  process.once('exit', kill);
  const number = await firstLine(server);
  return {
    display: `:${number}`,
    async close() {
      process.off('exit', kill);
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

/** As a user's hand and keyboard: there is no window manager on such a screen. @returns what it prints */
export async function xdotool(display: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('xdotool', args, {
    env: { ...process.env, DISPLAY: display },
  });
  return stdout.trim();
}

async function firstLine(server: ChildProcess): Promise<string> {
  const told = server.stdio[3];
  if (told === null || told === undefined || !('on' in told))
    throw new Error('Xvfb was started without its pipe');
  const ended = once(server, 'exit').then(() => {
    throw new Error('Xvfb ended before it was ready');
  });
  const [line] = (await Promise.race([once(told, 'data'), ended])) as [Buffer];
  ended.catch(() => undefined);
  return line.toString().trim();
}

/** Chromium has no sandbox for root. */
export const ROOT_FLAGS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Without a message bus, which a test machine has none of and Chromium would complain of. */
export function environment(display: string): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'NODE_OPTIONS' || name.startsWith('VITEST')
      ? []
      : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), DISPLAY: display, DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
}
