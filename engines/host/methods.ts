/**
 * The calls of the contract in one object: their arguments and results. Both sides of a port, and every type
 * between them, are derived from it.
 */
import * as z from 'zod';
import type { Engine, TimedCallOptions } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { nodeIdentitySchema, peerInfoSchema } from '../../core/engine/schemas.ts';
import {
  publishReceiptSchema,
  storePageSchema,
  storeQuerySchema,
  wakuMessageSchema,
} from './contract-schemas.ts';

/** Every asynchronous method of the contract: leaving one out below does not compile. */
type ContractMethod = {
  [K in keyof Engine]: Engine[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof Engine];

interface Method<Args extends unknown[], Result> {
  /** The arguments before the call options. */
  args: z.ZodType<Args> & { def: { items: readonly unknown[] } };
  result: z.ZodType<Result>;
  /** What the contract answers of an engine that is gone; without it the call fails. */
  whenGone?: () => Result;
  /** The engine's end is what the caller waits for: a pending call succeeds by it. */
  endsEngine?: true;
}

const topic = z.string();
const peerId = z.string();
const multiaddr = z.string();
const nothing = z.void();
const texts = z.array(z.string());

const METHODS = {
  start: { args: z.tuple([]), result: nodeIdentitySchema },
  stop: { args: z.tuple([]), result: nothing, whenGone: () => undefined, endsEngine: true },
  subscribe: { args: z.tuple([topic]), result: nothing },
  unsubscribe: { args: z.tuple([topic]), result: nothing },
  publish: { args: z.tuple([topic, wakuMessageSchema]), result: publishReceiptSchema },
  publishUnsubscribed: { args: z.tuple([topic, wakuMessageSchema]), result: publishReceiptSchema },
  connect: { args: z.tuple([multiaddr]), result: peerId },
  disconnect: { args: z.tuple([peerId]), result: nothing },
  ping: { args: z.tuple([peerId]), result: z.number() },
  filterSubscribe: { args: z.tuple([topic, texts]), result: nothing },
  filterUnsubscribe: { args: z.tuple([topic, texts]), result: nothing },
  lightPush: { args: z.tuple([topic, wakuMessageSchema]), result: nothing },
  storeQuery: { args: z.tuple([storeQuerySchema]), result: storePageSchema },
  peers: { args: z.tuple([]), result: z.array(peerInfoSchema), whenGone: () => [] },
  scores: { args: z.tuple([]), result: z.record(z.string(), z.number()), whenGone: () => ({}) },
  mesh: { args: z.tuple([topic]), result: texts, whenGone: () => [] },
  relayPeers: { args: z.tuple([topic]), result: texts, whenGone: () => [] },
  topics: { args: z.tuple([]), result: texts, whenGone: () => [] },
  metrics: { args: z.tuple([]), result: z.string() },
} satisfies { [K in ContractMethod]: Method<unknown[], Awaited<ReturnType<Engine[K]>>> };

export type MethodName = keyof typeof METHODS;
export type Args = { [K in MethodName]: z.output<(typeof METHODS)[K]['args']> };
export type Results = { [K in MethodName]: z.output<(typeof METHODS)[K]['result']> };

/** The contract's methods, each with its call options last, whether it heeds them or not. */
export type Calls = {
  [K in MethodName]: (...args: [...Args[K], options?: TimedCallOptions]) => Promise<Results[K]>;
};

/** The same table, typed by name, so that generic code knows which arguments go with which result. */
export const methods: { [K in MethodName]: Method<Args[K], Results[K]> } = METHODS;

export function isMethodName(name: unknown): name is MethodName {
  return typeof name === 'string' && Object.hasOwn(METHODS, name);
}

const isSignal = (value: unknown): value is AbortSignal => value instanceof AbortSignal;

const callOptionsSchema = z
  .object({ signal: z.custom<AbortSignal>(isSignal).optional(), timeoutMs: z.number().optional() })
  .default({})
  .transform(({ signal, timeoutMs }): TimedCallOptions => ({
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }));

/** @throws WakuDeskError BAD_USE that names what is wrong with the arguments of a call */
export function checkArguments<T>(schema: z.ZodType<T>, name: string, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw new WakuDeskError('BAD_USE', `engine.${name} cannot take these arguments: ${problems.join('; ')}.`, {
    operation: `engine.${name}`,
    hint: 'Call it as core/engine/engine.ts describes it.',
  });
}

/** Runs on the caller's side, with arguments that are checked and own their bytes. */
export type Caller = (name: MethodName, args: unknown[], options: TimedCallOptions) => Promise<unknown>;

/** Every method of the contract as a function that hands its call to `caller`. */
export function callsThrough(caller: Caller): Calls {
  const bind =
    (name: MethodName) =>
    async (...given: unknown[]): Promise<unknown> => {
      const { args } = methods[name];
      const count = args.def.items.length;
      const options = checkArguments(callOptionsSchema, name, given[count]);
      return caller(name, checkArguments<unknown[]>(args, name, given.slice(0, count)), options);
    };
  const names = Object.keys(METHODS).filter(isMethodName);
  // fromEntries forgets which function belongs to which name; each was made from the entry of its name.
  return Object.fromEntries(names.map((name) => [name, bind(name)])) as Calls;
}
