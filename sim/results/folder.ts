/** The folder of a run's results; README.md lists its files. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { asWakuDeskError, describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { DELIVERIES_CSV_HEAD } from '../run/traffic.ts';
import { SAMPLES_CSV_HEAD } from '../run/sampler.ts';
import { LineFile } from './line-file.ts';

export class ResultsFolder {
  readonly path: string;
  readonly events: LineFile;
  readonly samples: LineFile;
  readonly samplesCsv: LineFile;
  readonly deliveries: LineFile;
  readonly deliveriesCsv: LineFile;

  private constructor(path: string, files: readonly [LineFile, LineFile, LineFile, LineFile, LineFile]) {
    this.path = path;
    [this.events, this.samples, this.samplesCsv, this.deliveries, this.deliveriesCsv] = files;
  }

  /** @throws WakuDeskError BAD_USE: there is something in it; FILE_FAILED */
  static async create(given: string): Promise<ResultsFolder> {
    const path = resolve(given);
    try {
      await mkdir(path, { recursive: true });
      if ((await readdir(path)).length > 0)
        throw new WakuDeskError('BAD_USE', `${path} is not empty.`, {
          operation: 'sim.results',
          hint: 'Name a new folder: results of another run are not written over.',
        });
      const file = (name: string, head?: string): Promise<LineFile> =>
        LineFile.create(join(path, name), head);
      return new ResultsFolder(path, [
        await file('events.ndjson'),
        await file('samples.ndjson'),
        await file('samples.csv', SAMPLES_CSV_HEAD),
        await file('deliveries.ndjson'),
        await file('deliveries.csv', DELIVERIES_CSV_HEAD),
      ]);
    } catch (error) {
      throw writeFailed(error, path);
    }
  }

  get nodesPath(): string {
    return join(this.path, 'nodes');
  }

  /** @throws WakuDeskError FILE_FAILED */
  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.path, name), text).catch((error: unknown) => {
      throw writeFailed(error, this.path);
    });
  }

  /** Lines that were not written, and why. */
  async close(): Promise<{ lost: number; failure: string | null }> {
    const files = [this.events, this.samples, this.samplesCsv, this.deliveries, this.deliveriesCsv];
    await Promise.all(files.map((file) => file.close()));
    return {
      lost: files.reduce((sum, { lost }) => sum + lost, 0),
      failure: files.find(({ failure }) => failure !== null)?.failure ?? null,
    };
  }
}

function writeFailed(error: unknown, path: string): WakuDeskError {
  return asWakuDeskError(error, {
    code: 'FILE_FAILED',
    operation: 'sim.results',
    message: `Results cannot be written into ${path}: ${describeCause(error)}.`,
    hint: 'Choose another folder with --out, or free some space.',
  });
}
