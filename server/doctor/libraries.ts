/** The node libraries: found, for this machine, of a generation that is spoken, and the engines that follow. */
import { basename } from 'node:path';
import { asWakuDeskError, type WakuDeskError } from '../../core/engine/errors.ts';
import type { EngineHealth, Finding } from '../../core/operations/doctor-values.ts';
import { stagedFolder } from '../../native/library/data-folder.ts';
import type { LibraryKind, LibrarySource, Located } from '../../native/library/locate.ts';
import { LIBRARY_OF, locateNodeLibrary } from '../../native/library/node-library.ts';
import { isCheckout } from '../../native/library/own-folders.ts';
import { checkFit } from '../../native/probe/fit.ts';
import { probeLibrary, type Probe } from '../../native/probe/probe.ts';
import { bad, good, notice } from './finding.ts';

export type NativeKind = keyof typeof LIBRARY_OF;

export interface LibraryCheck {
  finding: Finding;
  health: EngineHealth;
}

export interface LibraryOptions {
  /** The file that the user named. */
  named?: string | undefined;
  /** The engine that is wanted here: what keeps it from running is bad, not only a notice. */
  isWanted: boolean;
  signal?: AbortSignal | undefined;
}

const SOURCES: Record<LibrarySource, string> = {
  flag: 'named by --library',
  environment: 'named by the environment',
  staged: 'staged by native add',
  packaged: 'part of the app',
  built: 'built in this checkout',
  installed: 'installed on the system',
};

export async function checkLibrary(engine: NativeKind, options: LibraryOptions): Promise<LibraryCheck> {
  const kind = LIBRARY_OF[engine];
  let located: Located;
  try {
    located = await locateNodeLibrary(kind, options.named);
    if (!located.found) return absent(engine, located.looked, options);
    await checkFit(located.path);
  } catch (error) {
    return refused(engine, asFailure(error), options);
  }
  const { signal } = options;
  const probe = await probeLibrary(located.path, signal === undefined ? {} : { signal });
  return tried(engine, located, probe, options);
}

/** Where the library of an engine comes from. */
export function whereToGet(kind: LibraryKind, platform: string = process.platform): string {
  // The desktop app takes the file where this is read.
  const then = 'electron' in process.versions ? 'then choose the file' : "then 'waku-desk native add FILE'";
  if (kind === 'libgowaku')
    return isCheckout()
      ? "Build it with 'npm run native:go-waku', which needs Go and a C compiler."
      : `Build it in a checkout with 'npm run native:go-waku', ${then}.`;
  const releases = 'https://github.com/waku-org/nwaku/releases';
  switch (platform) {
    case 'linux':
      return `Get libwaku-<version>-<arch>-<os>-linux.deb from ${releases}, ${then}.`;
    case 'darwin':
      return `Get libwaku-<version>-<arch>-macos.tar.gz from ${releases}, ${then}.`;
    default:
      return `nwaku publishes no package for this system: build libwaku from ${releases}, ${then}.`;
  }
}

function absent(engine: NativeKind, looked: string[], { isWanted }: LibraryOptions): LibraryCheck {
  const kind = LIBRARY_OF[engine];
  const message = `${kind} is not on this machine, so the engine ${engine} cannot run.`;
  return {
    finding: (isWanted ? bad : notice)(`library.${kind}`, kind, message, {
      hint: whereToGet(kind),
      details: { looked, stagedFolder: stagedFolder() },
    }),
    health: { kind: engine, canRun: false, reason: `${kind} is not on this machine.`, version: null },
  };
}

/** A library that is there and cannot be used is nobody's wish. */
function refused(engine: NativeKind, error: WakuDeskError, { named }: LibraryOptions): LibraryCheck {
  const kind = LIBRARY_OF[engine];
  const { code, message, hint, cause } = error.toData();
  return {
    finding: bad(`library.${kind}`, kind, message, {
      hint,
      details: { code, ...(named !== undefined && { named }), cause: cause ?? null },
    }),
    health: { kind: engine, canRun: false, reason: message, version: null },
  };
}

function tried(
  engine: NativeKind,
  { path, source, sha256, isRecorded }: Extract<Located, { found: true }>,
  probe: Probe,
  { isWanted }: LibraryOptions,
): LibraryCheck {
  const kind = LIBRARY_OF[engine];
  const id = `library.${kind}`;
  const file = { path, source: SOURCES[source], sha256, isRecorded };
  const cannot = (reason: string): EngineHealth => ({ kind: engine, canRun: false, reason, version: null });
  switch (probe.outcome) {
    case 'usable': {
      const { version, generation, missing } = probe;
      const lacks =
        missing.length === 0 ? '' : ` It is an older release, without ${missing.length} of the functions.`;
      return {
        finding: good(
          id,
          kind,
          `${version ?? 'A release that does not tell its version'}, generation ${generation}, ${SOURCES[source]}.${lacks}`,
          {
            details: { ...file, version, generation, missing },
          },
        ),
        health: { kind: engine, canRun: true, reason: '', version },
      };
    }
    case 'refused':
      return {
        finding: bad(id, kind, probe.reason, { hint: whereToGet(kind), details: file }),
        health: cannot(probe.reason),
      };
    case 'broken': {
      const message = `${basename(path)} was tried: ${probe.reason}`;
      return {
        finding: bad(id, kind, message, {
          hint: `Replace it: it cannot be used as it is. ${whereToGet(kind)}`,
          details: { ...file, lastLine: probe.lastLine },
        }),
        health: cannot(message),
      };
    }
    case 'untried': {
      const message = `It is here (${SOURCES[source]}), but could not be tried: ${probe.error.message}`;
      return {
        finding: (isWanted ? bad : notice)(id, kind, message, { hint: probe.error.hint, details: file }),
        health: cannot(probe.error.message),
      };
    }
  }
}

function asFailure(error: unknown): WakuDeskError {
  return asWakuDeskError(error, {
    code: 'FILE_FAILED',
    operation: 'doctor.library',
    hint: 'Check the path and its permissions.',
  });
}
