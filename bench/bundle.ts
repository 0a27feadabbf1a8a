/** The shipped file itself. */
import { copyFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { DIST, timeToEnd } from './program.ts';
import { makeRow } from './row.ts';

const PROGRAM = 'waku-desk.js';

export const bundle: Figure = {
  name: 'bundle',
  about: 'size of the shipped program and of its page, and time of --help without an install',
  besidePeer: false,
  how: `bundle.size: every script of dist/; bundle.page: the window's script and style, as they are read from disk.
bundle.help: --help from
process start to its end, with dist's programs alone in an empty folder (no node_modules), beside a Node that runs
nothing; one run of each before the first is not counted.`,
  async measure(context, quick) {
    const folder = await context.makeFolder();
    const programs = (await readdir(DIST)).filter((name) => name.endsWith('.js'));
    for (const name of programs) await copyFile(join(DIST, name), join(folder, name));
    // As in the package.
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const runs = quick ? 3 : 10;
    const help: number[] = [];
    const nothing: number[] = [];
    for (let run = 0; run <= runs; run++) {
      context.progress(run === 0 ? 'warm-up' : `run ${run} of ${runs}`);
      const helpMs = await timeToEnd(context, [PROGRAM, '--help'], folder);
      const nothingMs = await timeToEnd(context, ['-e', '0'], folder);
      if (run === 0) continue;
      help.push(helpMs);
      nothing.push(nothingMs);
    }
    return [
      makeRow('bundle.size', 'KiB', [(await sizeOf(DIST)) / 1_024]),
      makeRow('bundle.page', 'KiB', [(await sizeOf(join(DIST, 'ui', 'assets'))) / 1_024]),
      makeRow('bundle.help', 'ms', help, { name: 'node -e 0', values: nothing }),
    ];
  },
};

/** Scripts and styles of a folder, in bytes. */
async function sizeOf(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => /\.(js|css)$/.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
