/** The engine's side of a port: runs the calls that arrive, and sends what the engine tells. */
import { nowNs } from '../../core/engine/clock.ts';
import type { Resources } from '../../core/engine/crash-report.ts';
import type { Engine, TimedCallOptions } from '../../core/engine/engine.ts';
import { asWakuDeskError, WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import {
  checkArguments,
  isMethodName,
  methods,
  type Calls,
  type MethodName,
  type Results,
} from './methods.ts';
import { DEFAULT_BOUNDS, Outbox, type OutboxBounds } from './outbox.ts';
import type { Port } from './port.ts';
import {
  clientMessageSchema,
  PROTOCOL_VERSION,
  type Call,
  type Greeting,
  type Measurement,
  type Refusal,
} from './protocol.ts';

export interface ServedEngine {
  /** Settles when the port is closed, from either side, and the engine has stopped. */
  closed: Promise<void>;
  /** Closes the port, and thereby stops the engine. @returns `closed` */
  close(): Promise<void>;
}

export interface ServeOptions {
  bounds?: Partial<OutboxBounds>;
  /** What this process takes of its machine; left out where the engine has none of its own. */
  measure?: () => Resources;
}

/**
 * Serves an engine to the harness at the other end. The engine belongs to the port: when that closes, the calls
 * under way are cancelled and the engine stops.
 */
export function serveEngine(engine: Engine, port: Port, options: ServeOptions = {}): ServedEngine {
  const server = new EngineServer(engine, port, options);
  return {
    closed: server.closed,
    close() {
      port.close();
      return server.closed;
    },
  };
}

/** Tells the harness at the other end why there is no engine. @returns when the port is closed */
export function refuseEngine(error: ErrorData, port: Port): Promise<void> {
  const stopListening = port.onMessage((value) => {
    const { data: message } = clientMessageSchema.safeParse(value);
    if (message?.kind === 'connect') port.post({ kind: 'refused', error } satisfies Refusal);
  });
  return new Promise<void>((resolve) => port.onClose(resolve)).then(stopListening);
}

class EngineServer {
  readonly closed: Promise<void>;
  readonly #engine: Engine;
  readonly #port: Port;
  readonly #outbox: Outbox;
  readonly #measure: (() => Resources) | undefined;
  readonly #running = new Map<number, AbortController>();
  #unsubscribe: (() => void) | null = null;

  constructor(engine: Engine, port: Port, { bounds, measure }: ServeOptions) {
    this.#engine = engine;
    this.#port = port;
    this.#measure = measure;
    this.#outbox = new Outbox(
      (message) => {
        port.post(message);
      },
      { ...DEFAULT_BOUNDS, ...bounds },
    );
    const stopListening = port.onMessage((message) => {
      this.#receive(message);
    });
    this.closed = new Promise<void>((resolve) => port.onClose(resolve)).then(() => {
      stopListening();
      return this.#end();
    });
    // Whoever awaits `closed` hears of a failure; nobody has to.
    this.closed.catch(() => undefined);
  }

  #receive(value: unknown): void {
    const { success, data: message } = clientMessageSchema.safeParse(value);
    if (!success) {
      this.#refuse('A message from the harness is not of the protocol.');
      return;
    }
    switch (message.kind) {
      case 'connect':
        this.#greet();
        break;
      case 'calls':
        for (const call of message.calls) void this.#run(call);
        break;
      case 'cancel':
        this.#running.get(message.id)?.abort();
        break;
      case 'ack':
        this.#outbox.acknowledge(message.batch);
        break;
      case 'measure':
        this.#port.post({ kind: 'measured', resources: this.#measure?.() ?? null } satisfies Measurement);
    }
  }

  #greet(): void {
    const { info, state } = this.#engine;
    const greeting: Greeting = { kind: 'greeting', protocol: PROTOCOL_VERSION, info, state };
    this.#port.post(greeting);
    this.#unsubscribe ??= this.#engine.onEvent((event) => {
      this.#outbox.event(event);
    });
  }

  /** Never rejects: every failure is an answer. */
  async #run(call: Call): Promise<void> {
    const { id } = call;
    if (this.#running.has(id)) {
      this.#refuse(`The harness used the id ${String(id)} of a call that still runs.`);
      return;
    }
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const value = await this.#call(call, controller.signal);
      this.#outbox.answer({ kind: 'answered', id, value });
    } catch (error) {
      this.#outbox.answer({ kind: 'failed', id, error: failureData(error, call.method) });
    } finally {
      this.#running.delete(id);
    }
  }

  async #call({ method, args, timeoutMs }: Call, signal: AbortSignal): Promise<unknown> {
    if (!isMethodName(method)) throw badCall(`The engine has no method ${JSON.stringify(method)}.`);
    if (timeoutMs === undefined) return invoke(this.#engine, method, args, { signal });
    if (typeof timeoutMs !== 'number') throw badCall('The time limit of a call is not a number.');
    return invoke(this.#engine, method, args, { signal, timeoutMs });
  }

  #refuse(text: string): void {
    this.#outbox.event({ type: 'logged', level: 'error', component: 'host', text, atNs: nowNs() });
  }

  async #end(): Promise<void> {
    this.#unsubscribe?.();
    this.#outbox.close();
    for (const controller of this.#running.values()) controller.abort();
    await this.#engine.stop();
  }
}

async function invoke<K extends MethodName>(
  engine: Calls,
  name: K,
  given: unknown,
  options: TimedCallOptions,
): Promise<Results[K]> {
  return engine[name](...checkArguments(methods[name].args, name, given), options);
}

function badCall(message: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', message, {
    operation: 'engine.call',
    hint: 'Start both sides of the port from the same build.',
  });
}

function failureData(error: unknown, method: unknown): ErrorData {
  return asWakuDeskError(error, {
    code: 'ENGINE_FAILED',
    operation: `engine.${isMethodName(method) ? method : 'call'}`,
    hint: 'Look at the log, and report it if it comes again.',
  }).toData();
}
