/** What a user gets from the host itself: the stream, and files. */
import * as z from 'zod';
import { doctorReportSchema } from './doctor-values.ts';
import { snapshotSchema } from './live-values.ts';
import { positionSchema } from './message-values.ts';
import { operation } from './operation.ts';

export const HOST_OPERATIONS = {
  /**
   * What the doctor finds on this machine. Takes a second or two; without `fresh` the last report is good enough.
   */
  'doctor.run': operation({
    request: z.strictObject({ fresh: z.boolean() }),
    answer: doctorReportSchema,
    timeoutMs: 60_000,
  }),

  /** Everything at this moment; this client's batches start anew behind it. */
  'session.snapshot': operation({ request: z.strictObject({}), answer: snapshotSchema }),
  /**
   * Messages as a file, oldest first. A browser gets the address of a download, good for one minute and once; the
   * desktop app asks where to put the file and writes it.
   * @throws FILTER_INVALID, FILE_FAILED, UNSUPPORTED where nothing is captured
   */
  'capture.export': operation({
    request: z.strictObject({
      /** `ndjson` can be imported again, `csv` is for spreadsheets. */
      format: z.enum(['ndjson', 'csv']),
      filter: z.string().max(4_096),
      nowMs: z.int(),
      /** Both included; left out: everything. */
      fromPosition: positionSchema.exactOptional(),
      toPosition: positionSchema.exactOptional(),
    }),
    answer: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('download'), path: z.string(), fileName: z.string() }),
      z.object({ kind: z.literal('file'), path: z.string(), messages: z.int(), bytes: z.int() }),
      z.object({ kind: z.literal('notChosen') }),
    ]),
    progress: z.object({ messages: z.int() }),
    timeoutMs: null,
  }),
};
