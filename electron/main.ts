/** The desktop application's main process: the phases of its start, and its end. */
import { app, crashReporter } from 'electron';
import { AppReports } from './failures/app-report.ts';
import { watchApp } from './failures/watch-app.ts';
import { endApp, printLine } from './own-output.ts';
import { keepChromiumOffTheNetwork, letThisMachineBeFound } from './security/no-network.ts';
import { declareScheme } from './security/page-files.ts';
import { namedPageServer, type PageServer } from './security/page-server.ts';
import { readBuild, refuseHooks, type Build } from './start/build-file.ts';
import { Desktop } from './start/desktop.ts';
import { readDesktopFlags, type DesktopFlags } from './start/desktop-flags.ts';
import { Diagnostics } from './start/diagnostics.ts';
import { failStart } from './start/failure.ts';
import { ownArguments } from './start/own-arguments.ts';
import { takePlaces, type Places } from './start/places.ts';
import { answerSecondStarts, isFirstStart } from './start/second-start.ts';

/** What stops within this time is stopped in order; the rest ends with the process. */
const STOP_MS = 4_500;

const diagnostics = new Diagnostics(printLine);

interface Prepared {
  flags: DesktopFlags;
  build: Build;
  pageServer: PageServer | null;
  places: Places;
}

/** All that has to be done before the app is ready, in one turn. @returns null where nothing is to be done beyond it */
function prepare(): Prepared | null {
  // As root Chromium has no sandbox, and asking for it all the same ends its processes.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  declareScheme();
  keepChromiumOffTheNetwork();
  const own = ownArguments(process.argv, app.isPackaged ? null : app.getAppPath());
  const flags = diagnostics.step('flags', () =>
    readDesktopFlags(own.flags, app.getVersion(), (text) => process.stdout.write(text)),
  );
  if (flags === null) return null;
  for (const warning of flags.warnings) diagnostics.note(warning);
  const build = diagnostics.step('build', () => {
    const read = readBuild(app.isPackaged ? process.resourcesPath : null, flags.options.profile);
    refuseHooks(own.hooks, read);
    return read;
  });
  const pageServer = namedPageServer(process.env, app.isPackaged);
  if (pageServer !== null) letThisMachineBeFound();
  const places = diagnostics.step('places', () => takePlaces(flags.options.userDataDir));
  const order = { connect: flags.options.connect };
  if (!diagnostics.step('single instance', () => isFirstStart(order))) return null;
  diagnostics.writeTo(places.log);
  // Kept on this machine.
  crashReporter.start({ uploadToServer: false, ignoreSystemCrashHandler: true });
  return { flags, build, pageServer, places };
}

async function run(prepared: Prepared): Promise<void> {
  const reports = new AppReports(prepared.places.crashes, diagnostics);
  const starting = diagnostics
    .step('ready', () => app.whenReady())
    .then(() => {
      quitAtSignals();
      return Desktop.start({ ...prepared, reports, diagnostics });
    });
  const end = async (): Promise<void> => (await starting).end();
  watchApp(reports, () => withinTime(end()));
  answerSecondStarts(starting);
  endInOrder(end);
  await starting;
}

/**
 * Chromium quits at the first signal and dies of the second. A Ctrl-C comes more than once: from the terminal, and from
 * each program between it and this one. It has installed its own handlers when it is ready.
 */
function quitAtSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      app.quit();
    });
}

/** Quitting waits until the node is stopped and the capture closed, but not for ever. */
function endInOrder(end: () => Promise<void>): void {
  app.on('window-all-closed', () => {
    app.quit();
  });
  let isEnding = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    void withinTime(diagnostics.step('end', end)).then(
      () => {
        endApp(0);
      },
      () => {
        endApp(1);
      },
    );
  });
}

/** @throws Error where it takes longer than there is */
function withinTime(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('stopping took too long; it is ended at once'));
    }, STOP_MS);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

try {
  const prepared = prepare();
  if (prepared === null) endApp(0);
  else run(prepared).catch((error: unknown) => failStart(error, diagnostics));
} catch (error) {
  void failStart(error, diagnostics);
}
