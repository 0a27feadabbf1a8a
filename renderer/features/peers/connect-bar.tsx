/** Paste an address, Enter connects. What failed stays typed. */
import type { SubmitEvent, ReactNode } from 'react';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { connectTyped, pingAll } from '../../store/peer-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMany } from '../../ui/format.ts';

export function ConnectBar(): ReactNode {
  const desk = useDesk();
  const address = useDeskState(({ peers }) => peers.address);
  const connecting = useDeskState(({ peers }) => peers.connecting);
  const error = useDeskState(({ peers }) => peers.error);
  const count = useDeskState(({ live }) => live?.peers.length ?? 0);
  const pinging = useDeskState(({ peers }) =>
    Object.values(peers.pings).some(({ state }) => state === 'waiting'),
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void connectTyped(desk);
  };
  return (
    <div className="bar-block">
      <form className="bar-line" onSubmit={submit}>
        <label className="visually-hidden" htmlFor="peer-address">
          Address of a peer
        </label>
        <input
          id="peer-address"
          className="input mono grow"
          placeholder="/ip4/127.0.0.1/tcp/60000/p2p/16Uiu2…"
          autoComplete="off"
          spellCheck={false}
          maxLength={1_024}
          aria-invalid={error !== null}
          value={address}
          onChange={(event) => {
            desk.update('peers', { address: event.target.value, error: null });
          }}
        />
        <Button type="submit" kind="primary" busy={connecting} disabled={address.trim() === ''}>
          Connect
        </Button>
        <Button busy={pinging} disabled={count === 0} onClick={() => void pingAll(desk)}>
          Ping all
        </Button>
        <span className="counter number">{formatMany(count, 'peer')}</span>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </div>
  );
}
