/** The node's secret, checked before the library sees it: what is wrong with it must not be told in a library's words. */
import { randomBytes } from 'node:crypto';
import { failure } from '../../core/engine/failure.ts';

/** Order of secp256k1 (SEC 2, section 2.4.1). */
const ORDER = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n;

/** 64 hex digits without 0x; a new key for null. @throws WakuDeskError NODE_KEY_INVALID, without a word of the key */
export function checkedNodeKey(given: string | null): string {
  if (given === null) return newKey();
  const hex = given.replace(/^0x/i, '').toLowerCase();
  if (isSecret(hex)) return hex;
  throw failure(
    'start',
    'NODE_KEY_INVALID',
    'The node key is not a secp256k1 secret.',
    'Give 64 hex digits, or none for a new key.',
  );
}

function newKey(): string {
  for (;;) {
    const hex = randomBytes(32).toString('hex');
    if (isSecret(hex)) return hex;
  }
}

function isSecret(hex: string): boolean {
  const value = BigInt(`0x${hex}`);
  return value > 0n && value < ORDER;
}
