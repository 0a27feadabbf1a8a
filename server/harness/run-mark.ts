/**
 * The mark of a node that runs: a file that is there from its start to its stop. Who finds one at the start knows that the
 * program ended with a node in it, and which.
 */
import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { ENGINE_HOSTS } from '../../core/engine/profiles.ts';

const text = z.string().max(4_096);

const runMarkSchema = z.object({
  startedAt: z.iso.datetime(),
  pid: z.int().min(0),
  engine: z.enum(ENGINE_KINDS),
  engineHost: z.enum(ENGINE_HOSTS).nullable(),
  versions: z.object({
    wakuDesk: text,
    engine: text,
    node: text.nullable(),
    runtime: text,
    system: text,
  }),
  /** What a node library of this process prints; null where there is none. */
  nodeLog: text.nullable(),
});
export type RunMark = z.output<typeof runMarkSchema>;

/** As it was found. */
export interface FoundMark extends RunMark {
  /** Unix ms at which the node still ran, to within {@link ALIVE_MS}. */
  lastAliveMs: number;
}

const ALIVE_MS = 10_000;

export class RunMarks {
  readonly #file: string;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** What another run left behind, and takes it away; null: it ended in order, or its mark cannot be read. */
  async take(): Promise<FoundMark | null> {
    try {
      const found = await readFile(this.#file, 'utf8');
      const { mtimeMs } = statSync(this.#file);
      return { ...runMarkSchema.parse(JSON.parse(found)), lastAliveMs: Math.round(mtimeMs) };
    } catch {
      return null;
    } finally {
      await rm(this.#file, { force: true });
    }
  }

  /** Before anything can crash: on the disk when this returns. @throws as writeFileSync */
  set(mark: RunMark): void {
    writeFileSync(this.#file, `${JSON.stringify(mark)}\n`, { mode: 0o600 });
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      this.#touch();
    }, ALIVE_MS);
    this.#timer.unref();
  }

  /** Idempotent. */
  remove(): void {
    clearInterval(this.#timer);
    rmSync(this.#file, { force: true });
  }

  #touch(): void {
    try {
      utimesSync(this.#file, new Date(), new Date());
    } catch {
      // The moment of the end is known less well then.
    }
  }
}
