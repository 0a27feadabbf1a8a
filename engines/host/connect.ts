/** The harness's side of a port: an engine whose node runs at the other end. */
import { withDeadline } from '../../core/engine/deadline.ts';
import type { Resources } from '../../core/engine/crash-report.ts';
import type { Engine, EngineInfo, TimedCallOptions } from '../../core/engine/engine.ts';
import { EngineClient } from './engine-client.ts';
import { callsThrough } from './methods.ts';
import type { Port } from './port.ts';

/** Loading a native library on a cold disk takes seconds. */
const GREETING_TIMEOUT_MS = 30_000;

/**
 * An engine at the other end of a port. When the port closes by itself, the state is `failed`, events tell of
 * the gap and of the failure, and calls fail with ENGINE_FAILED.
 */
export interface RemoteEngine extends Engine {
  /** What the engine's process takes of its machine; null where it has none of its own, or is gone. */
  measure(): Promise<Resources | null>;
  /** Lets go of the engine, which then stops by itself. Calls fail with NOT_RUNNING. Idempotent. */
  close(): void;
}

/**
 * Connects to the engine that `serveEngine` serves at the other end; the port is closed when that fails.
 * @throws WakuDeskError ENGINE_FAILED (the port closed, or the other side is of another build), TIMED_OUT,
 *   CANCELLED, or what the other side gave to `refuseEngine`
 */
export async function connectEngine(port: Port, options: TimedCallOptions = {}): Promise<RemoteEngine> {
  const client = new EngineClient(port);
  try {
    const limits = { timeoutMs: GREETING_TIMEOUT_MS, ...options };
    const info = await withDeadline('engine.attach', limits, () => client.greeted);
    return remoteEngine(client, info);
  } catch (error) {
    client.close();
    throw error;
  }
}

function remoteEngine(client: EngineClient, info: EngineInfo): RemoteEngine {
  return {
    ...callsThrough((name, args, options) => client.call(name, args, options)),
    info,
    get state() {
      return client.state;
    },
    onEvent: (listener) => client.events.add(listener),
    measure: () => client.measure(),
    close() {
      client.close();
    },
  };
}
