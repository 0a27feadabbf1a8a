/** A user's folder with a library staged in it, for hosts whose doctor has something to find. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { librarySuffix } from '../../native/library/locate.ts';

export interface LibraryFolder {
  /** For the host. */
  environment: Readonly<Record<string, string>>;
  /** Where libwaku is staged. */
  library: string;
  remove: () => Promise<void>;
}

/** @param from copied as libwaku; null: there is none; 'broken': a web page instead */
export async function libraryFolder(from: string | null): Promise<LibraryFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-library-'));
  const staged = join(folder, 'waku-desk', 'native');
  const library = join(staged, `libwaku${librarySuffix()}`);
  await mkdir(staged, { recursive: true });
  if (from === 'broken') await writeFile(library, '<!doctype html><title>Not found</title>');
  else if (from !== null) await copyFile(from, library);
  return {
    environment: { XDG_DATA_HOME: folder, WAKU_DESK_LIBWAKU: '', WAKU_DESK_LIBGOWAKU: '' },
    library,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
