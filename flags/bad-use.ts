/** Commander's refusals in our words. */
import type { CommanderError } from 'commander';
import { WakuDeskError } from '../core/engine/errors.ts';

/** null for help and version, which are no errors. */
export function badUse(
  error: CommanderError,
  details: { operation: string; hint: string },
): WakuDeskError | null {
  if (error.exitCode === 0) return null;
  // Values are left out where they may be secret: also a mistyped flag may carry one.
  const message = error.message
    .replace(/^error: /, '')
    .replace(/^(unknown option '[^'=]+)=[^']*'/, "$1'")
    .replace(/^(option '--(?:nodekey|rln-relay-cred-password)\b[^']*' argument) '.*' is/s, '$1 is')
    .replaceAll('\n', ' ');
  return new WakuDeskError('BAD_USE', `${message.charAt(0).toUpperCase()}${message.slice(1)}`, details);
}
