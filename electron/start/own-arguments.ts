/** Our flags among what Electron was started with: Chromium's own switches are passed over, anything unknown is not. */
import { resolve } from 'node:path';

/** Switches that Chromium and Electron read themselves and that people have a reason to use. */
const CHROMIUM_SWITCHES: ReadonlySet<string> = new Set([
  'class',
  'disable-dev-shm-usage',
  'disable-features',
  'disable-gpu',
  'disable-gpu-sandbox',
  'disable-software-rasterizer',
  'enable-features',
  'enable-logging',
  'force-color-profile',
  'force-device-scale-factor',
  'gtk-version',
  'high-dpi-support',
  'in-process-gpu',
  'lang',
  'log-file',
  'no-sandbox',
  'ozone-platform',
  'ozone-platform-hint',
  'use-gl',
  'use-angle',
  'v',
  'vmodule',
]);

/** Switches that open the app to whoever drives it: tests need them, users of a packaged app do not. */
const HOOKS: ReadonlySet<string> = new Set([
  'inspect',
  'inspect-brk',
  'inspect-port',
  'remote-allow-origins',
  'remote-debugging-pipe',
  'remote-debugging-port',
]);

export interface OwnArguments {
  /** For our own parser. */
  flags: string[];
  /** Those of {@link HOOKS} that were given. */
  hooks: string[];
}

/**
 * @param argv as the process has it
 * @param appPath the folder that an Electron was told to start; null for a packaged app, which is its program
 */
export function ownArguments(argv: readonly string[], appPath: string | null): OwnArguments {
  const own: OwnArguments = { flags: [], hooks: [] };
  const isAppPath = (argument: string): boolean => appPath !== null && resolve(argument) === appPath;
  let afterApp = appPath === null;
  for (const argument of argv.slice(1)) {
    const name = /^--?([\w-]+)/.exec(argument)?.[1] ?? '';
    if (HOOKS.has(name)) own.hooks.push(`--${name}`);
    else if (!afterApp && isAppPath(argument)) afterApp = true;
    // macOS gives programs that the Finder starts a serial number.
    else if (afterApp && !CHROMIUM_SWITCHES.has(name) && !argument.startsWith('-psn_'))
      own.flags.push(argument);
  }
  return own;
}
