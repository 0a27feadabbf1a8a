/** What people download. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackedBytes } from '../build/package-check/contents.ts';
import { APPLICATION, ROOT } from '../build/package/places.ts';
import type { Figure } from './figure.ts';
import { makeRow, type Row } from './row.ts';

const PACKAGES = join(ROOT, 'packages');
const MIB = 1 << 20;

export const artifacts: Figure = {
  name: 'artifacts',
  about: 'sizes of the packages that npm run package has made',
  besidePeer: false,
  how: `artifacts.app: dist/desktop, our own part of the desktop app. Then each file that lies in packages/, as it is
downloaded, and each unpacked app there (--target dir) with all that is in it.`,
  async measure(context) {
    const made = await readdir(PACKAGES).catch(() => []);
    if (made.length === 0) context.progress('packages/ is empty: npm run package fills it');
    const rows = [row('app', await unpackedBytes(APPLICATION))];
    for (const name of made.sort()) {
      const place = join(PACKAGES, name);
      const found = await stat(place);
      rows.push(row(name, found.isDirectory() ? await unpackedBytes(place) : found.size));
    }
    return rows;
  },
};

function row(name: string, bytes: number): Row {
  return makeRow(`artifacts.${name}`, 'MiB', [bytes / MIB]);
}
