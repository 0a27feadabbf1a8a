/** Folders of the checkout that packaging reads and writes. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The application, as Electron starts it. */
export const APPLICATION = join(ROOT, 'dist', 'desktop');
