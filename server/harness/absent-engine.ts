/** Stands where an engine could not be made, so that a window can open and say why; a start tries to make it. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { Engine, EngineInfo } from '../../core/engine/engine.ts';
import { ENGINE_CAPABILITIES } from '../../core/engine/engine-capabilities.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import { EventHub } from '../../core/engine/event-hub.ts';
import type { EngineEvent, EngineState } from '../../core/engine/events.ts';

export class AbsentEngine implements Engine {
  readonly info: EngineInfo;
  readonly state: EngineState = 'failed';
  readonly #error: WakuDeskError;
  readonly #events = new EventHub<EngineEvent>();
  readonly #refuse = (): Promise<never> => Promise.reject(this.#error);

  readonly subscribe = this.#refuse;
  readonly unsubscribe = this.#refuse;
  readonly publish = this.#refuse;
  readonly publishUnsubscribed = this.#refuse;
  readonly connect = this.#refuse;
  readonly disconnect = this.#refuse;
  readonly ping = this.#refuse;
  readonly filterSubscribe = this.#refuse;
  readonly filterUnsubscribe = this.#refuse;
  readonly lightPush = this.#refuse;
  readonly storeQuery = this.#refuse;
  readonly metrics = this.#refuse;
  readonly peers = (): Promise<never[]> => Promise.resolve([]);
  readonly scores = (): Promise<Record<string, number>> => Promise.resolve({});
  readonly mesh = this.peers;
  readonly relayPeers = this.peers;
  readonly topics = this.peers;

  /** @param error why it could not be made */
  constructor(kind: EngineKind, error: WakuDeskError) {
    this.info = { kind, version: 'not loaded', capabilities: ENGINE_CAPABILITIES[kind] };
    this.#error = error;
  }

  start(): Promise<never> {
    this.#events.emit({ type: 'stateChanged', state: 'failed', error: this.#error.toData() });
    return this.#refuse();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    return this.#events.add(listener);
  }
}
