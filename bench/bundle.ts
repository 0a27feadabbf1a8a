/** The shipped file itself. */
import { copyFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { DIST, timeToEnd } from './program.ts';
import { makeRow } from './row.ts';

const PROGRAM = 'waku-desk.js';

export const bundle: Figure = {
  name: 'bundle',
  about: 'size of dist/waku-desk.js, and time of --help without an install',
  besidePeer: false,
  how: `bundle.size: dist/waku-desk.js, which holds everything but its scan worker. bundle.help: --help from
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
    const { size } = await stat(join(DIST, PROGRAM));
    return [
      makeRow('bundle.size', 'KiB', [size / 1_024]),
      makeRow('bundle.help', 'ms', help, { name: 'node -e 0', values: nothing }),
    ];
  },
};
