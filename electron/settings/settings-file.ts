/** What the user chose in the window, kept for the next start: only what differs from how the app was started. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ENGINE_KINDS, type EngineKind } from '../../core/engine/capabilities.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { describeCause } from '../../core/engine/errors.ts';
import { ENGINE_HOSTS } from '../../core/engine/profiles.ts';
import { Turns } from '../../core/engine/turns.ts';
import { settingsSchema, type Settings } from '../../core/operations/live-values.ts';

import { readSmallFile, setAside, writeWholeFile } from './whole-file.ts';

/** RLN is left out: without its secrets, which are kept nowhere, the rest is of no use. */
export type KeptNode = Partial<Omit<Settings, 'rln'>>;

const NODE_KEYS = new Set(Object.keys(settingsSchema.shape).filter((key) => key !== 'rln'));

/** They make sense together only: where one of them was changed, all are kept. */
const NETWORK = ['clusterId', 'shards', 'pubsubTopics', 'contentTopics', 'shardsInNetwork', 'light'] as const;

const fileSchema = z.strictObject({
  version: z.literal(1),
  engine: z.enum(ENGINE_KINDS).exactOptional(),
  engineHost: z.enum(ENGINE_HOSTS).exactOptional(),
  node: z.record(z.string(), z.unknown()).transform((node): KeptNode => {
    const unknown = Object.keys(node).find((key) => !NODE_KEYS.has(key));
    if (unknown !== undefined) throw new TypeError(`there is no setting ${JSON.stringify(unknown)}`);
    // With every default filled in it is more than was chosen, so it is checked only.
    parseNodeConfig(node);
    return node;
  }),
});
export type Kept = Omit<z.output<typeof fileSchema>, 'version'>;

export class SettingsFile {
  readonly #path: string;
  readonly #failed: (problem: string) => void;
  readonly #writing = new Turns();
  #kept: Kept = { node: {} };

  /** @param failed hears, as a sentence, that the disk refused the file */
  constructor(path: string, failed: (problem: string) => void) {
    this.#path = path;
    this.#failed = failed;
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** A file that cannot be used is set aside. @returns what to tell the user of that; null: nothing */
  async read(): Promise<string | null> {
    try {
      const text = await readSmallFile(this.#path);
      if (text === null) return null;
      const { engine, engineHost, node } = fileSchema.parse(JSON.parse(text));
      this.#kept = {
        node,
        ...(engine !== undefined && { engine }),
        ...(engineHost !== undefined && { engineHost }),
      };
      return null;
    } catch (error) {
      const aside = await setAside(this.#path).catch(() => this.#path);
      return `The settings of before could not be read and are not in force (${describeCause(error)}). They are in ${aside}.`;
    }
  }

  /** What of `now` is another than `before` was chosen by the user. */
  keep(before: Settings, now: Settings, engine?: EngineKind): void {
    const isChanged = (key: keyof Settings): boolean => !isDeepStrictEqual(now[key], before[key]);
    const otherNetwork = NETWORK.some(isChanged) ? NETWORK : [];
    const chosen = (Object.keys(now) as (keyof Settings)[]).filter(
      (key) => NODE_KEYS.has(key) && (isChanged(key) || otherNetwork.some((one) => one === key)),
    );
    this.change({
      node: { ...this.#kept.node, ...Object.fromEntries(chosen.map((key) => [key, now[key]])) },
      ...(engine !== undefined && { engine }),
    });
  }

  change(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    const text = `${JSON.stringify({ version: 1, ...this.#kept }, null, 2)}\n`;
    void this.#writing.take(() =>
      writeWholeFile(this.#path, text).catch((error: unknown) => {
        this.#failed(`The settings could not be kept for the next start: ${describeCause(error)}.`);
      }),
    );
  }

  /** Everything is on the disk. */
  settled(): Promise<void> {
    return this.#writing.settled();
  }
}
