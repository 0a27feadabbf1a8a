/** How the app is started again as it was: the same program with the same flags. */
import { basename, sep } from 'node:path';

export interface RelaunchTarget {
  args: string[];
  /** Left out: the program that runs. */
  execPath?: string;
}

/** Where an AppImage has unpacked itself, which needs no FUSE: the same folder at every start, removed at the end of each. */
const UNPACKED = 'appimage_extracted_';
/** For a shell, with the file and the flags behind it: the folder has to be gone before it is made again. */
const WHEN_GONE = [
  'n=0',
  'while [ -e "$APPDIR" ] && [ $n -lt 200 ]; do sleep 0.1; n=$((n + 1)); done',
  'export APPIMAGE_EXTRACT_AND_RUN=1',
  'exec "$0" "$@"',
].join('\n');

/**
 * For Electron's `app.relaunch`. What runs of an AppImage lies in a folder that is gone when the app has ended, so the
 * file itself is started. Other programs may have left an APPIMAGE of theirs in the environment.
 */
export function relaunchTarget({
  argv,
  execPath,
  env: { APPIMAGE, APPDIR },
}: Pick<NodeJS.Process, 'argv' | 'execPath' | 'env'>): RelaunchTarget {
  const args = argv.slice(1);
  if (APPIMAGE === undefined || APPDIR === undefined || !execPath.startsWith(APPDIR + sep)) return { args };
  if (!basename(APPDIR).startsWith(UNPACKED)) return { args, execPath: APPIMAGE };
  return { args: ['-c', WHEN_GONE, APPIMAGE, ...args], execPath: '/bin/sh' };
}
