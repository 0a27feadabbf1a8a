/** Where this system keeps what belongs to the user of this program: captures, staged libraries, logs of nodes. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export function dataFolder(
  platform: string = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  // An XDG folder that is empty or relative counts as not set.
  const { XDG_DATA_HOME = '', LOCALAPPDATA } = environment;
  switch (platform) {
    case 'win32':
      return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'waku-desk');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'waku-desk');
    default:
      return join(
        isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), '.local', 'share'),
        'waku-desk',
      );
  }
}

/** Where `native add` puts node libraries, and where they are looked for before the installed ones. */
export function stagedFolder(): string {
  return join(dataFolder(), 'native');
}
