/**
 * `npm start`: the desktop app of this checkout, or its window in a browser where there is no Electron or no screen; one
 * line on standard error says which and why. Run after build/setup.mjs.
 *
 * node build/start.mjs [--desktop | --browser] [flag …]
 *   --desktop, --browser   that one, or the reason why not
 *   flags                  go to what is started: `--help` tells them
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DESKTOP_FOLDER } from './desktop.mjs';
import { findElectron } from './electron/find-electron.mjs';

const NOT_POSSIBLE = 6;
/** Flags that only `waku-desk serve` has: whoever gives one wants that. */
const BROWSER_FLAGS = ['--port', '--open', '--json'];
const SERVE = fileURLToPath(new URL('../dist/waku-desk.js', import.meta.url));

/** @typedef {{ flags: readonly string[], environment: NodeJS.ProcessEnv, platform: NodeJS.Platform, uid: number }} Start */
/** @typedef {{ command: string, args: string[], reason: string } | { refused: string }} Choice */

/**
 * What to start, and why.
 * @param {Start} start
 * @param {() => ReturnType<typeof findElectron>} find asked only where an Electron would be of use
 * @returns {Promise<Choice>}
 */
export async function chooseStart({ flags, environment, platform, uid }, find) {
  const [first, ...others] = flags;
  const wants = first === '--desktop' || first === '--browser' ? first : null;
  const rest = wants === null ? flags : others;
  /** @param {string} reason @returns {Choice} */
  const browser = (reason) =>
    wants === '--desktop'
      ? { refused: `the desktop app cannot be started: ${reason}` }
      : {
          command: process.execPath,
          args: [SERVE, 'serve', '--open', ...rest],
          reason: `in the browser: ${reason}`,
        };

  if (wants === '--browser') return browser('--browser was given.');
  const own = rest.find((flag) => BROWSER_FLAGS.some((name) => flag === name || flag.startsWith(`${name}=`)));
  if (own !== undefined) return browser(`${own} is a flag of the browser's window.`);
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY)
    return browser('there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set).');
  const electron = await find();
  if ('missing' in electron) return browser(electron.missing);
  // Chromium has no sandbox for root, and does not start without being told so.
  const forRoot = platform === 'linux' && uid === 0 ? ['--no-sandbox'] : [];
  const unsafe = forRoot.length > 0 ? ', without its sandbox, for this is root' : '';
  const old =
    electron.kind === 'testelectron' ? ', an old one for tests: its own server cannot be reached' : '';
  return {
    command: electron.executable,
    args: [DESKTOP_FOLDER, ...forRoot, ...rest],
    reason: `as a desktop app, on Electron ${electron.version}${old}${unsafe}.`,
  };
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`start: ${text}\n`);
}

/** Ends with its exit code; signals go on to it. @param {string} command @param {string[]} args */
function run(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    say(`it cannot be started: ${error.message}`);
    process.exitCode = NOT_POSSIBLE;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
    if (command !== process.execPath && process.exitCode !== 0)
      say(
        'the desktop app ended with an error, see above; `npm start -- --browser` shows the window in a browser.',
      );
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const choice = await chooseStart(
    {
      flags: process.argv.slice(2),
      environment: process.env,
      platform: process.platform,
      uid: process.getuid?.() ?? -1,
    },
    () => findElectron({ say }),
  );
  if ('refused' in choice) {
    say(choice.refused);
    process.exit(NOT_POSSIBLE);
  }
  say(choice.reason);
  run(choice.command, choice.args);
}
