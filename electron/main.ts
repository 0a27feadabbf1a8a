/** The desktop application's main process: the phases of its start, and its end. */
import { app } from 'electron';
import { declareScheme } from './security/page-files.ts';
import { Desktop } from './start/desktop.ts';
import { readDesktopFlags, type DesktopFlags } from './start/desktop-flags.ts';
import { Diagnostics } from './start/diagnostics.ts';
import { failStart } from './start/failure.ts';
import { ownArguments } from './start/own-arguments.ts';
import { takePlaces, type Places } from './start/places.ts';

/** What stops within this time is stopped in order; the rest ends with the process. */
const STOP_MS = 5_000;

const diagnostics = new Diagnostics((line) => process.stderr.write(`${line}\n`));

interface Prepared {
  flags: DesktopFlags;
  places: Places;
}

/** All that has to be done before the app is ready. @returns null where there is nothing to do beyond it */
function prepare(): Prepared | null {
  // As root Chromium has none, and asking for it all the same ends its processes.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  declareScheme();
  const flags = diagnostics.step('flags', () => {
    const own = ownArguments(process.argv, app.isPackaged ? null : app.getAppPath());
    return readDesktopFlags(own.flags, app.getVersion(), (text) => process.stdout.write(text));
  });
  if (flags === null) return null;
  for (const warning of flags.warnings) diagnostics.note(warning);
  const places = diagnostics.step('places', () => takePlaces(flags.options.userDataDir));
  diagnostics.writeTo(places.log);
  const isFirst = diagnostics.step('single instance', () => app.requestSingleInstanceLock());
  return isFirst ? { flags, places } : null;
}

async function run({ flags, places }: Prepared): Promise<void> {
  await diagnostics.step('ready', () => app.whenReady());
  const desktop = await Desktop.start({ options: flags.options, places, diagnostics });
  app.on('second-instance', () => {
    if (desktop.window.isMinimized()) desktop.window.restore();
    desktop.window.focus();
  });
  endInOrder(desktop);
}

/** Quitting waits until the node is stopped and the capture closed, but not for ever. */
function endInOrder(desktop: Desktop): void {
  app.on('before-quit', (event) => {
    event.preventDefault();
    const hard = setTimeout(() => {
      diagnostics.note('stopping took too long; ended at once');
      app.exit(1);
    }, STOP_MS);
    diagnostics
      .step('end', () => desktop.end())
      .then(
        () => {
          clearTimeout(hard);
          app.exit(0);
        },
        () => {
          app.exit(1);
        },
      );
  });
}

try {
  const prepared = prepare();
  if (prepared === null) app.exit(0);
  else run(prepared).catch((error: unknown) => failStart(error, diagnostics));
} catch (error) {
  void failStart(error, diagnostics);
}
