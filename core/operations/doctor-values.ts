/** What the doctor finds: of this machine, this program, and each engine. */
import * as z from 'zod';
import { ENGINE_KINDS } from '../engine/capabilities.ts';

export const FINDING_LEVELS = ['good', 'notice', 'bad'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

const detail = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

export const findingSchema = z.object({
  /** Stable, such as `library.libwaku`. */
  id: z.string(),
  /** notice: something is limited; bad: something that is wanted does not work. */
  level: z.enum(FINDING_LEVELS),
  /** What was looked at, in a few words. */
  subject: z.string(),
  /** One plain sentence: what is the case. */
  message: z.string(),
  /** One plain sentence: what to do; empty where nothing is to be done. */
  hint: z.string(),
  /** Facts behind it, by names that stay: versions, paths, check sums. */
  details: z.record(z.string(), detail),
});
export type Finding = z.output<typeof findingSchema>;

export const engineHealthSchema = z.object({
  kind: z.enum(ENGINE_KINDS),
  canRun: z.boolean(),
  /** Why it cannot; empty where it can. */
  reason: z.string(),
  /** Of its library; null where that is missing, or does not tell. */
  version: z.string().nullable(),
});
export type EngineHealth = z.output<typeof engineHealthSchema>;

export const doctorReportSchema = z.object({
  /** When the examination ended, as Unix ms. */
  atMs: z.int(),
  findings: z.array(findingSchema),
  engines: z.array(engineHealthSchema),
});
export type DoctorReport = z.output<typeof doctorReportSchema>;
