/** Why a service node (filter, lightpush, store) did not do what was asked, from the words of a node library. */
import type { WakuDeskError } from '../../core/engine/errors.ts';
import { failure } from '../../core/engine/failure.ts';
import type { LibraryError } from './library-node.ts';

export function serviceFailure(verb: string, error: LibraryError): WakuDeskError {
  const { message } = error;
  if (/no (?:suitable|available|peers?)|not (?:find|found) .*peer|NoPeers/i.test(message))
    return failure(
      verb,
      'NO_SERVICE_PEER',
      'No connected peer offers this service.',
      'Connect to a service node: its list of protocols has filter, lightpush or store.',
      error,
    );
  if (/dial|connection refused|timed? ?out|deadline/i.test(message))
    return failure(
      verb,
      'CONNECT_FAILED',
      'The service node cannot be reached.',
      'Check its address, and that it is up.',
      error,
    );
  return failure(
    verb,
    'SERVICE_REFUSED',
    `The service node refused: ${message}`,
    'Try again more slowly (services take one request a second by default), or another node.',
    error,
  );
}
