/** What a user gets from the host itself: the stream, files, and a new start. */
import * as z from 'zod';
import { ENGINE_KINDS } from '../engine/capabilities.ts';
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

  /**
   * The desktop app asks for the file of a node library, checks it and puts it where engines find it. A node that could
   * not run without it is started.
   * @throws FILE_FAILED, BAD_USE, LIBRARY_REFUSED, ENGINE_FAILED as `waku-desk native add`; UNSUPPORTED in a browser
   */
  'native.add': operation({
    request: z.strictObject({ engine: z.enum(ENGINE_KINDS).exclude(['js']) }),
    answer: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('added'), path: z.string(), version: z.string().nullable() }),
      z.object({ kind: z.literal('notChosen') }),
    ]),
    timeoutMs: null,
  }),

  /**
   * The desktop app ends in order and starts again with the same flags.
   * @throws UNSUPPORTED in a browser
   */
  'app.relaunch': operation({ request: z.strictObject({}), answer: z.null() }),

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
