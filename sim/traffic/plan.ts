/** What one sender sends, and when: written by people, checked here, and the same for the same seed. */
import * as z from 'zod';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { Random } from '../random.ts';
import { MAX_MESSAGES, MIN_PAYLOAD_BYTES } from './payload.ts';
import { readRate } from './rate.ts';
import { drawSize, readSizes } from './sizes.ts';

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const COUNT = `must be a whole number from 1 to ${MAX_MESSAGES}`;

const text = z.union([z.string(), z.number()]).transform(String);

const sizesSchema = text.transform((sizes, context) => {
  const ranges = readSizes(sizes);
  if (ranges === null)
    return refuse(context, 'must be a size such as 1kb, 1kb..10kb, or 1kb:9,100kb:1 with weights');
  if (
    ranges.every(({ minBytes, maxBytes }) => minBytes >= MIN_PAYLOAD_BYTES && maxBytes <= MAX_PAYLOAD_BYTES)
  )
    return ranges;
  return refuse(
    context,
    `must be from ${MIN_PAYLOAD_BYTES} bytes (what a message tells of itself) to 16 MiB`,
  );
});

const rateSchema = text.transform((rate, context) => {
  if (rate === 'max') return rate;
  return (
    readRate(rate) ?? refuse(context, 'must be a rate such as 10/s, 30/min or max, 100,000/s at the most')
  );
});

function refuse(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue(message);
  return z.NEVER;
}

export const trafficPlanSchema = z
  .strictObject({
    messages: z.int(COUNT).min(1, COUNT).max(MAX_MESSAGES, COUNT),
    /** Of the payload. */
    size: sizesSchema.default([{ minBytes: 1024, maxBytes: 1024, weight: 1 }]),
    /** `max`: each as soon as one before it is done. */
    rate: rateSchema.default(1),
    /** Poisson: exponential gaps with the mean of the rate, as independent people send. */
    poisson: z.boolean().default(false),
    /** Each message goes to one of them, drawn evenly. */
    shards: z.array(z.int().min(0).max(65_535)).min(1).max(1024).default([32]),
    contentTopics: z.array(z.string().min(1)).min(1).max(1024).default(['/waku-desk/1/traffic/proto']),
    seed: z.int().min(0).max(0xffff_ffff).default(1),
  })
  .refine(({ rate, poisson }) => !(poisson && rate === 'max'), 'poisson needs a rate other than max');

/** A checked plan with every default filled in. */
export type TrafficPlan = z.output<typeof trafficPlanSchema>;
export type TrafficPlanInput = z.input<typeof trafficPlanSchema>;

/** @throws WakuDeskError CONFIG_INVALID that names every wrong key */
export function parseTrafficPlan(input: unknown): TrafficPlan {
  const result = trafficPlanSchema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new WakuDeskError('CONFIG_INVALID', `The traffic is not valid: ${problems.join('; ')}.`, {
    operation: 'traffic.parse',
    hint: 'Correct the named values and try again.',
  });
}

/** A message that is to be sent. */
export interface PlannedMessage {
  /** 0 for the first. */
  sequence: number;
  /** After the start, in ms; null: as soon as it goes. */
  dueMs: number | null;
  payloadBytes: number;
  shard: number;
  contentTopic: string;
}

/** In the order of their times. The same plan always gives the same messages. */
export function* schedule(plan: TrafficPlan): Generator<PlannedMessage, void> {
  const { messages, size, rate, poisson, shards, contentTopics, seed } = plan;
  const sizes = Random.seeded(seed, 'traffic.sizes');
  const times = Random.seeded(seed, 'traffic.times');
  const topics = Random.seeded(seed, 'traffic.topics');
  let poissonMs = 0;
  for (let sequence = 0; sequence < messages; sequence++) {
    let dueMs: number | null = null;
    if (rate !== 'max') {
      if (poisson) poissonMs += times.exponential(1_000 / rate);
      dueMs = poisson ? poissonMs : (sequence * 1_000) / rate;
    }
    yield {
      sequence,
      dueMs,
      payloadBytes: drawSize(size, sizes),
      shard: pick(shards, topics),
      contentTopic: pick(contentTopics, topics),
    };
  }
}

/** How long the schedule runs on average, in ms; null where it has no times. */
export function plannedMs({ messages, rate, poisson }: TrafficPlan): number | null {
  return rate === 'max' ? null : ((poisson ? messages : messages - 1) * 1_000) / rate;
}

function pick<T>(values: readonly T[], random: Random): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}
