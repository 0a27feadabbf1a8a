/**
 * One node in a node library: a bridge with its context. Calls go in by name and come back as text; events come in
 * the order in which the library told them. Nothing here knows what a call means.
 */
import { cancelled, timedOut, withDeadline } from '../../core/engine/deadline.ts';
import type { TimedCallOptions } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import type { Argument } from '../../native/ffi/arguments.ts';
import type { BridgeLibrary } from '../../native/ffi/bridge-library.ts';
import { NativeBridge, type BridgeStats } from '../../native/ffi/native-bridge.ts';
import { isBatch } from './message-batch.ts';
import type { BridgeRecord, ClosedRecord, LoadedRecord, ReplyRecord } from '../../native/ffi/records.ts';

/** What the library answered to a call that it did not carry out, in its own words. */
export class LibraryError extends Error {
  constructor(name: string, text: string) {
    super(text === '' ? `${name} failed without a word why` : text);
    this.name = 'LibraryError';
  }
}

export interface LibraryNodeOptions {
  bridge: BridgeLibrary;
  /** The node library's file. */
  path: string;
  /**
   * Before answers and events: what the library printed until then can be read now. Not before those of libgowaku's
   * batches, which tell by themselves what lines do.
   */
  onBatch: () => void;
  /** JSON in UTF-8, or a batch of messages; valid until it returns. `timeNs` is of process.hrtime. */
  onEvent: (bytes: Uint8Array, timeNs: bigint) => void;
  /** The library could not render an event, or a listener failed. */
  onProblem: (text: string) => void;
  onGap: (lost: number) => void;
}

/** Publishes a batch of messages. */
export const PUBLISH_MANY = 'gowaku_relay_publish_many';

/** Loading a library from a cold disk takes seconds. */
const LOAD_MS = 30_000;
/** Admitted at once; what is beyond waits here, in order. */
const CALLS_IN_FLIGHT = 1_024;
const CALLS_WAITING = 16_384;

interface Call {
  id: number;
  name: string;
  args: readonly Argument[];
  resolve: (text: string) => void;
  reject: (error: Error) => void;
}

export class LibraryNode {
  readonly #options: LibraryNodeOptions;
  readonly #bridge: NativeBridge;
  readonly #calls = new Map<number, Call>();
  /** Not admitted yet, by id in the order of the calls. */
  readonly #waiting = new Map<number, Call>();
  #lastId = 0;
  #missing: ReadonlySet<string> = new Set();
  #generation: 'B' | 'C' = 'B';
  #batches = false;
  #closed = false;
  #loaded: (record: LoadedRecord) => void = () => undefined;

  private constructor(options: LibraryNodeOptions) {
    this.#options = options;
    this.#bridge = new NativeBridge(options.bridge, {
      libraryPath: options.path,
      maxCalls: CALLS_IN_FLIGHT,
      onRecords: (records) => {
        this.#take(records);
      },
      onError: (error) => {
        options.onProblem(String(error));
      },
    });
  }

  /**
   * Loads the library. No node exists yet: the first call is waku_new.
   * @throws WakuDeskError LIBRARY_REFUSED with what was found; ENGINE_FAILED, TIMED_OUT
   */
  static async open(options: LibraryNodeOptions): Promise<LibraryNode> {
    const node = new LibraryNode(options);
    const loaded = new Promise<LoadedRecord>((resolve) => {
      node.#loaded = resolve;
    });
    try {
      const record = await withDeadline('native.load', { timeoutMs: LOAD_MS }, () => loaded);
      if (!record.ok)
        throw new WakuDeskError('LIBRARY_REFUSED', record.reason, {
          operation: 'native.load',
          hint: "Run 'waku-desk doctor': it tells which releases fit and where to put them.",
        });
      node.#missing = new Set(record.missing);
      node.#generation = record.generation;
      node.#batches = record.batches;
      return node;
    } catch (error) {
      await node.close(0);
      throw error;
    }
  }

  get generation(): 'B' | 'C' {
    return this.#generation;
  }

  /** Whether the library has libgowaku's batches of messages, native/abi/gowaku.h. */
  get hasBatches(): boolean {
    return this.#batches;
  }

  /** Whether the library's release has that function. */
  has(name: string): boolean {
    return !this.#missing.has(name);
  }

  stats(): BridgeStats | undefined {
    return this.#bridge.stats();
  }

  /**
   * @param args bytes stay the caller's
   * @returns the answer's text
   * @throws LibraryError with the library's words; WakuDeskError TIMED_OUT, CANCELLED, NOT_RUNNING, ENGINE_FAILED
   */
  call(name: string, args: readonly Argument[], { timeoutMs, signal }: TimedCallOptions): Promise<string> {
    if (this.#closed) return Promise.reject(stopped(name));
    const operation = `native.${name}`;
    if (signal?.aborted === true) return Promise.reject(cancelled(operation));
    // As withDeadline, for a third of the time: a call is made for every message.
    return new Promise<string>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const release = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const call: Call = {
        id: ++this.#lastId,
        name,
        args,
        resolve(text) {
          release();
          resolve(text);
        },
        reject(error) {
          release();
          reject(error);
        },
      };
      const giveUp = (error: WakuDeskError): void => {
        call.reject(error);
        this.#forget(call);
      };
      const onAbort = (): void => {
        giveUp(cancelled(operation));
      };
      signal?.addEventListener('abort', onAbort);
      if (timeoutMs !== undefined)
        timer = setTimeout(() => {
          giveUp(timedOut(operation, timeoutMs));
        }, timeoutMs);
      this.#submit(call);
    });
  }

  /**
   * Stops and destroys the node; what hangs in the library is let go at the deadline. Calls under way fail at once
   * with NOT_RUNNING. Idempotent.
   */
  close(deadlineMs: number): Promise<ClosedRecord> {
    this.#closed = true;
    for (const calls of [this.#calls, this.#waiting]) {
      for (const { name, reject } of calls.values()) reject(stopped(name));
      calls.clear();
    }
    return this.#bridge.close(deadlineMs);
  }

  #submit(call: Call): void {
    const status = this.#waiting.size > 0 ? 'BUSY' : this.#bridge.submit(call.name, call.id, call.args);
    if (status === 'OK') this.#calls.set(call.id, call);
    else if (status === 'BUSY' && this.#waiting.size < CALLS_WAITING)
      this.#waiting.set(call.id, { ...call, args: call.args.map(ownCopy) });
    else call.reject(refusal(call.name, status));
  }

  /** Calls that had no place get those that became free. */
  #submitWaiting(): void {
    for (const call of this.#waiting.values()) {
      const status = this.#bridge.submit(call.name, call.id, call.args);
      if (status === 'BUSY') return;
      this.#waiting.delete(call.id);
      if (status === 'OK') this.#calls.set(call.id, call);
      else call.reject(refusal(call.name, status));
    }
  }

  #forget(call: Call): void {
    this.#waiting.delete(call.id);
    if (this.#calls.delete(call.id)) this.#bridge.forget(call.id);
  }

  #take(records: BridgeRecord[]): void {
    if (records.some((record) => this.#needsLines(record))) this.#options.onBatch();
    for (const record of records)
      try {
        this.#handle(record);
      } catch (error) {
        // One bad record must not cost the rest of the batch.
        this.#options.onProblem(error instanceof Error ? error.message : String(error));
      }
    this.#submitWaiting();
  }

  #needsLines(record: BridgeRecord): boolean {
    if (record.kind === 'event') return !isBatch(record.bytes);
    return record.kind !== 'reply' || this.#calls.get(record.callId)?.name !== PUBLISH_MANY;
  }

  #handle(record: BridgeRecord): void {
    switch (record.kind) {
      case 'loaded':
        this.#loaded(record);
        return;
      case 'reply':
        this.#answered(record);
        return;
      case 'event':
        if (this.#closed) return;
        if (record.ret === 0) this.#options.onEvent(record.bytes, record.timeNs);
        else this.#options.onProblem(`An event was not told: ${new TextDecoder().decode(record.bytes)}`);
        return;
      case 'gap':
        this.#options.onGap(record.lost);
        return;
      case 'closed':
    }
  }

  #answered({ callId, ret, text }: ReplyRecord): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    this.#calls.delete(callId);
    if (ret === 0) call.resolve(text);
    else call.reject(new LibraryError(call.name, text));
  }
}

function ownCopy(argument: Argument): Argument {
  return argument instanceof Uint8Array ? new Uint8Array(argument) : argument;
}

function stopped(name: string): WakuDeskError {
  return new WakuDeskError('NOT_RUNNING', 'The node was stopped.', {
    operation: `native.${name}`,
    hint: 'Start it again.',
  });
}

export function tooManyCalls(name: string): WakuDeskError {
  return new WakuDeskError('ENGINE_FAILED', 'Too many calls wait for the node library.', {
    operation: `native.${name}`,
    hint: 'Send more slowly, or wait for answers.',
  });
}

function refusal(name: string, status: string): WakuDeskError {
  const operation = `native.${name}`;
  if (status === 'CLOSING') return stopped(name);
  if (status === 'MISSING_FUNCTION')
    return new WakuDeskError('UNSUPPORTED', `This release of the node library has no ${name}.`, {
      operation,
      hint: 'Use a newer release: v0.36 or later.',
    });
  if (status === 'BUSY') return tooManyCalls(name);
  return new WakuDeskError('ENGINE_FAILED', `The bridge refused ${name}: ${status}.`, {
    operation,
    hint: 'Start the node again; report it if it comes again.',
  });
}
