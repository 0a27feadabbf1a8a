/** One whole message from the host, asked again when its state changed. */
import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../core/engine/errors.ts';
import type { MessageDetails } from '../../../core/operations/message-values.ts';
import { errorData, isCancelled } from '../../store/error-data.ts';
import { useDesk } from '../../store/use-desk.ts';

/** While somebody holds an arrow key down, nothing is asked for. */
const SETTLE_MS = 60;

export type DetailsResult =
  | { state: 'loading'; details: null }
  | { state: 'loaded'; details: MessageDetails }
  | { state: 'failed'; details: null; error: ErrorData };

type Loaded = { position: number } & DetailsResult;

/** @param stateKey changes when the message's delivery state does */
export function useDetails(position: number, stateKey: string): DetailsResult {
  const { client } = useDesk();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client.call('messages.details', { position }, { signal: abort.signal }).then(
        (details) => {
          setLoaded({ position, state: 'loaded', details });
        },
        (error: unknown) => {
          if (abort.signal.aborted || isCancelled(error)) return;
          setLoaded({
            position,
            state: 'failed',
            details: null,
            error: errorData(error, 'messages.details'),
          });
        },
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [client, position, stateKey]);
  return loaded?.position === position ? loaded : { state: 'loading', details: null };
}
