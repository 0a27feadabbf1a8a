/** What was sent from here and what became of it. */
import type { DeliveryState } from '../../core/capture/records.ts';
import type { Batch } from '../../core/operations/live-values.ts';
import type { Send, SendState } from './state.ts';

const MAX_SENDS = 200;
/** States whose send has not been answered yet. */
const MAX_EARLY = 1_000;

export class SendStates {
  /** By hash. */
  readonly #early = new Map<string, SendState[]>();

  /** The sends after a batch; the same array when nothing in it concerns them. */
  take(sends: readonly Send[], { rows, states }: Batch): readonly Send[] {
    if (rows.length === 0 && states.length === 0) return sends;
    const found = new Map<string, SendState[]>();
    const add = (hash: string, atNs: bigint, delivery: DeliveryState): void => {
      const of = found.get(hash) ?? [];
      of.push({ atNs, delivery });
      found.set(hash, of);
    };
    for (const { dir, hash, receivedNs, state } of rows)
      if (dir === 'out' && state !== null) add(hash, receivedNs, state);
    for (const { hash, atNs, delivery } of states) add(hash, atNs, delivery);
    if (found.size === 0) return sends;
    const next = sends.map((send) => {
      const hash = send.published?.hash;
      const more = hash === undefined ? undefined : found.get(hash);
      if (hash === undefined || more === undefined) return send;
      found.delete(hash);
      return { ...send, states: joinStates(send.states, more) };
    });
    for (const [hash, more] of found) this.#keepEarly(hash, more);
    return next.some((send, index) => send !== sends[index]) ? next : sends;
  }

  /** States that came before the answer which names their hash. */
  earlyOf(hash: string): readonly SendState[] {
    return this.#early.get(hash) ?? [];
  }

  #keepEarly(hash: string, more: SendState[]): void {
    this.#early.set(hash, joinStates(this.#early.get(hash) ?? [], more));
    for (const oldest of this.#early.keys()) {
      if (this.#early.size <= MAX_EARLY) break;
      this.#early.delete(oldest);
    }
  }
}

/** A state counts once; a later count of sends replaces the one before. */
export function joinStates(states: readonly SendState[], more: readonly SendState[]): SendState[] {
  const byName = new Map(states.map((state) => [state.delivery.state, state]));
  for (const state of more) {
    const known = byName.get(state.delivery.state);
    byName.set(state.delivery.state, known === undefined ? state : { ...state, atNs: known.atNs });
  }
  return [...byName.values()];
}

export function addSend(sends: readonly Send[], send: Send): Send[] {
  return [send, ...sends].slice(0, MAX_SENDS);
}
