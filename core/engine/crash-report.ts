/** How the process of an engine ended, and everything that helps to find out why. Browser-safe: windows show it. */
import * as z from 'zod';
import { ENGINE_KINDS } from './capabilities.ts';
import { errorDataSchema } from './schemas.ts';

const count = z.int().min(0);

/** What a process takes of its machine. */
export const resourcesSchema = z.object({
  /** Of one core since the sample before: 100 is one core that is busy all the time. */
  cpuPercent: z.number().min(0),
  /** Memory that is really there, libraries included. */
  rssBytes: count,
});
export type Resources = z.output<typeof resourcesSchema>;

export const processEndSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signal'), signal: z.string() }),
  z.object({ kind: z.literal('exit'), exitCode: z.int() }),
  /** It lived and did not answer for so long; it was ended by SIGKILL then. */
  z.object({ kind: z.literal('silent'), silentMs: count }),
  /** The system could not start it. */
  z.object({ kind: z.literal('notStarted'), why: z.string() }),
  /** The process lives; the engine in it said that the node failed. */
  z.object({ kind: z.literal('engine') }),
  /**
   * The program ended with the node in it and was found so at its next start. What proves that it crashed: a file that the
   * crash left, or what the library printed last; null: nothing, it may have been killed.
   */
  z.object({
    kind: z.literal('program'),
    proof: z.enum(['dump', 'nodeLog']).nullable(),
    dump: z.string().nullable(),
  }),
]);
export type ProcessEnd = z.output<typeof processEndSchema>;

/** What is known of a failure where the process is. Texts are free of the node's secrets. */
export const processFailureSchema = z.object({
  end: processEndSchema,
  /** The same in a sentence, as the node's state has it. */
  error: errorDataSchema,
  pid: count.nullable(),
  /** How long the process lived. */
  upMs: count,
  /** The last lines that it printed, oldest first. */
  output: z.array(z.string()),
  /** The file that the node library printed into, and its last lines; null where there is none. */
  nodeLog: z.object({ file: z.string(), lines: z.array(z.string()) }).nullable(),
  /** The last sample before the end. */
  resources: resourcesSchema.nullable(),
});
export type ProcessFailure = z.output<typeof processFailureSchema>;

export const crashReportSchema = z.object({
  /** Names its file as well: `<id>.json`. */
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  engine: z.enum(ENGINE_KINDS),
  versions: z.object({
    wakuDesk: z.string(),
    /** As it was known before the start. */
    engine: z.string(),
    /** By the running node's own words; null where it never ran. */
    node: z.string().nullable(),
    runtime: z.string(),
    system: z.string(),
  }),
  /** 1 for the first failure of the row that it belongs to; a start by hand begins a new one. */
  failure: z.int().min(1),
  /** Where the capture stood: its gap lies after this number. null where nothing is captured. */
  capture: z.object({ id: z.string(), folder: z.string(), lastSeq: count }).nullable(),
  ...processFailureSchema.shape,
});
export type CrashReport = z.output<typeof crashReportSchema>;
