/** What wakunode2 0.37.1 was asked and answered, in order; see vectors/. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const VECTORS = join(import.meta.dirname, 'vectors');

const recordedSchema = z.object({
  id: z.string(),
  method: z.string(),
  path: z.string(),
  body: z.string().nullish(),
  requestHeaders: z.record(z.string(), z.string()).nullish(),
  /** null: the node died of it. */
  status: z.int().nullish(),
  contentType: z.string().nullish(),
  response: z.string().nullish(),
  /** What a GET showed on the other node, and on this one, right after it. */
  peerMessages: z.string().nullish(),
  ownMessages: z.string().nullish(),
});
export type Recorded = z.output<typeof recordedSchema>;

const metricSchema = z.object({
  name: z.string(),
  type: z.string().nullable(),
  labels: z.array(z.string()),
  sampleNames: z.array(z.string()),
});
export type RecordedMetric = z.output<typeof metricSchema>;

function read<T>(file: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(join(VECTORS, file), 'utf8')));
}

export const recordedRequests = (): Recorded[] => read('rest-wakunode2.json', z.array(recordedSchema));
export const recordedMetrics = (): RecordedMetric[] => read('metrics-wakunode2.json', z.array(metricSchema));
