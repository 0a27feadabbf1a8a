/** A delivery state as one byte and one number, for rows and state tables. */
import type { DeliveryState } from './records.ts';
import type { Strings } from './strings.ts';

/** The place in this list is the byte, so new states go to its end. 0: none. */
const STATES = [null, 'accepted', 'echoed', 'sent', 'confirmed', 'failed'] as const;

export function stateByte(delivery: DeliveryState): number {
  return STATES.indexOf(delivery.state);
}

/** uint32: the peers of `sent`, the number of the code of `failed` in `strings`, else 0. */
export function stateValue(delivery: DeliveryState, strings: Strings): number {
  if (delivery.state === 'sent') return delivery.peers;
  return delivery.state === 'failed' ? strings.intern(delivery.code) : 0;
}

/** null for 0 and for a byte that no state has. */
export function deliveryOf(byte: number, value: number, strings: Strings): DeliveryState | null {
  const state = STATES[byte] ?? null;
  if (state === null) return null;
  if (state === 'sent') return { state, peers: value };
  if (state === 'failed') return { state, code: strings.text(value) ?? '' };
  return { state };
}
