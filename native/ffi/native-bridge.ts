/** One bridge, that is one node (it keeps the process alive until it is closed): submitting calls, handing on records in batches, the end. */
import { delay } from '../../core/engine/deadline.ts';
import { encodeArguments, type Argument } from './arguments.ts';
import { orFail, statusName, type BridgeLibrary, type Out, type Pointer } from './bridge-library.ts';
import { STATUS, type StatusName } from './declarations.ts';
import { decodeRecords, type BridgeRecord, type ClosedRecord } from './records.ts';

export interface NativeBridgeOptions {
  /** The node library's file. */
  libraryPath: string;
  /** Gets every record, in order, in batches; bytes of events are valid until it returns. What it throws goes to onError, and the next batch comes. */
  onRecords: (records: BridgeRecord[]) => void;
  onError: (error: unknown) => void;
  /** Of the queue for events; the bridge's own limits by default. */
  maxEventBytes?: number;
  maxEvents?: number;
  /** Calls in flight. */
  maxCalls?: number;
  /** For tests: leave descriptors 1 and 2 alone. */
  keepOutput?: boolean;
}

/** Counters; bridge.h says what each counts. */
export interface BridgeStats {
  calls: number;
  callsInFlight: number;
  callsWaiting: number;
  replies: number;
  events: number;
  eventsLost: number;
  gaps: number;
  wakeUps: number;
  queuedRecords: number;
  queuedEvents: number;
  queuedEventBytes: number;
  strays: number;
}

/** One drain's worth: what a turn of the event loop spends on decoding. Grows to the largest record. */
const BUFFER_BYTES = 1 << 20;
const CLOSE_POLL_MS = 10;
/** Of a timer that only has to exist: koffi's callbacks do not keep a process alive, a node should. */
const KEEP_ALIVE_MS = 2 ** 30;

export class NativeBridge {
  readonly #library: BridgeLibrary;
  readonly #options: NativeBridgeOptions;
  readonly #wake: { pointer: Pointer; unregister: () => void };
  readonly #keepAlive: NodeJS.Timeout;
  #bridge: Pointer | undefined;
  #buffer = new Uint8Array(BUFFER_BYTES);
  #drainIsPlanned = false;
  #beginIsPlanned = false;
  #closed: ClosedRecord | undefined;
  #closing: Promise<ClosedRecord> | undefined;

  /**
   * Begins to load the node library; the record `loaded` tells the outcome.
   * @throws WakuDeskError ENGINE_FAILED
   */
  constructor(library: BridgeLibrary, options: NativeBridgeOptions) {
    this.#library = library;
    this.#options = options;
    this.#wake = library.registerWake(() => {
      this.#planDrain();
    });
    try {
      this.#bridge = open(library, options, this.#wake.pointer);
    } catch (error) {
      this.#wake.unregister();
      throw error;
    }
    this.#keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS);
  }

  /**
   * Submits a call; its answer is the reply record with this id, if the status is OK. An id is a positive whole
   * number that is not in flight. The call begins when the current work of the event loop is done.
   * @throws TypeError when the arguments do not fit the function's shape
   */
  submit(name: string, callId: number, args: readonly Argument[]): StatusName {
    const shape = this.#library.functions.get(name);
    if (shape === undefined) return 'UNKNOWN_FUNCTION';
    if (this.#bridge === undefined) return 'CLOSING';
    const bytes = encodeArguments(shape, args);
    const { native } = this.#library;
    const status = statusName(native.wb_submit(this.#bridge, name, callId, bytes, bytes.byteLength));
    if (status === 'OK') this.#planBegin();
    return status;
  }

  /** Behind whatever else is submitted now: the native thread is woken once. */
  #planBegin(): void {
    if (this.#beginIsPlanned) return;
    this.#beginIsPlanned = true;
    process.nextTick(() => {
      this.#beginIsPlanned = false;
      if (this.#bridge !== undefined) this.#library.native.wb_begin(this.#bridge);
    });
  }

  /** Gives a call up: no reply record will come. False: it is not in flight; its reply may be on its way. */
  forget(callId: number): boolean {
    return this.#bridge !== undefined && this.#library.native.wb_forget(this.#bridge, callId) === STATUS.OK;
  }

  /** Undefined behind the end. */
  stats(): BridgeStats | undefined {
    if (this.#bridge === undefined) return undefined;
    const raw: Record<string, number | bigint> = {};
    this.#library.native.wb_get_stats(this.#bridge, raw);
    const value = (name: string): number => Number(raw[name] ?? 0);
    return {
      calls: value('calls'),
      callsInFlight: value('calls_in_flight'),
      callsWaiting: value('calls_waiting'),
      replies: value('replies'),
      events: value('events'),
      eventsLost: value('events_lost'),
      gaps: value('gaps'),
      wakeUps: value('wake_ups'),
      queuedRecords: value('queued_records'),
      queuedEvents: value('queued_events'),
      queuedEventBytes: value('queued_event_bytes'),
      strays: value('strays'),
    };
  }

  /**
   * Stops and destroys the node, hands on every record, frees the bridge. What hangs in the library is let go at the
   * deadline. Keeps the process alive until then. Idempotent: the first deadline counts.
   */
  close(deadlineMs: number): Promise<ClosedRecord> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<ClosedRecord> {
    const bridge = this.#bridge;
    if (bridge === undefined) throw new TypeError('a bridge that did not open cannot close');
    const { native } = this.#library;
    native.wb_close(bridge, deadlineMs);
    while (this.#closed === undefined) {
      await delay(CLOSE_POLL_MS);
      // It enforces the deadline; the drain is for a wake-up that is stuck behind a busy loop.
      native.wb_close_poll(bridge);
      this.#drain();
    }
    while (native.wb_release(bridge) !== STATUS.OK) await delay(CLOSE_POLL_MS);
    this.#bridge = undefined;
    this.#wake.unregister();
    clearInterval(this.#keepAlive);
    return this.#closed;
  }

  /** Not in the wake-up itself, whose native thread waits for it. */
  #planDrain(): void {
    if (this.#drainIsPlanned) return;
    this.#drainIsPlanned = true;
    setImmediate(() => {
      this.#drainIsPlanned = false;
      this.#drain();
    });
  }

  #drain(): void {
    if (this.#bridge === undefined || this.#closed !== undefined) return;
    const needed: Out<number> = [null];
    const more: Out<number> = [null];
    const written = this.#library.native.wb_drain(
      this.#bridge,
      this.#buffer,
      this.#buffer.byteLength,
      needed,
      more,
    );
    if (written === STATUS.BUFFER_TOO_SMALL) this.#buffer = new Uint8Array(needed[0] ?? 0);
    else if (written > 0) this.#handOn(written);
    // One buffer per turn: other work of this process comes in between.
    if (more[0] === 1) this.#planDrain();
  }

  #handOn(written: number): void {
    try {
      const records = decodeRecords(this.#buffer, written);
      const last = records[records.length - 1];
      if (last?.kind === 'closed') this.#closed = last;
      this.#options.onRecords(records);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

function open(library: BridgeLibrary, options: NativeBridgeOptions, wake: Pointer): Pointer {
  const bridge: Out<Pointer> = [null];
  const native = {
    library_path: options.libraryPath,
    wake,
    wake_data: null,
    max_event_bytes: options.maxEventBytes ?? 0,
    max_events: options.maxEvents ?? 0,
    max_calls: options.maxCalls ?? 0,
    keep_output: options.keepOutput === true ? 1 : 0,
    reserved: 0,
  };
  orFail('native.open', (error, size) => library.native.wb_open(native, bridge, error, size));
  if (bridge[0] === null) throw new TypeError('the bridge opened without a handle');
  return bridge[0];
}
