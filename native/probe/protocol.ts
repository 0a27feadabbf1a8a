/** What a probe and its process say to each other. */
import * as z from 'zod';
import { errorDataSchema } from '../../core/engine/schemas.ts';

export const orderSchema = z.object({
  bridge: z.string(),
  /** null: only the bridge is tried. */
  library: z.string().nullable(),
  /** File that gets what the library prints. */
  log: z.string(),
  /** What a node is created with, to be asked for its version. */
  config: z.record(z.string(), z.unknown()),
});
export type ProbeOrder = z.output<typeof orderSchema>;

export const STAGES = ['begin', 'load', 'create', 'version'] as const;
export type Stage = (typeof STAGES)[number];

const usable = z.object({
  outcome: z.literal('usable'),
  generation: z.enum(['B', 'C']),
  /** Functions of the generation that it lacks. */
  missing: z.array(z.string()),
  /** null: it did not tell. */
  version: z.string().nullable(),
});
const bridged = z.object({ outcome: z.literal('bridged') });
/** The bridge does not speak it; its words. */
const refused = z.object({ outcome: z.literal('refused'), reason: z.string() });
/** It could not be tried: the bridge or koffi is missing. */
const untried = z.object({ outcome: z.literal('untried'), error: errorDataSchema });

/** From the process: where it is, then how it went. */
export const tellSchema = z.union([
  z.object({ stage: z.enum(STAGES) }),
  z.object({ result: z.discriminatedUnion('outcome', [usable, bridged, refused, untried]) }),
]);
export type ProbeTell = z.output<typeof tellSchema>;
export type ToldResult = Extract<ProbeTell, { result: unknown }>['result'];
