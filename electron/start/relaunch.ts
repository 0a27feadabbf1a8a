/** How the app is started again as it was: the same program with the same flags. */
import { sep } from 'node:path';

export interface RelaunchTarget {
  args: string[];
  /** Left out: the program that runs. */
  execPath?: string;
}

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
  const isOfImage = APPIMAGE !== undefined && APPDIR !== undefined && execPath.startsWith(APPDIR + sep);
  return isOfImage ? { args, execPath: APPIMAGE } : { args };
}
