/** Who the running node is: id, addresses, ENR, to copy. */
import type { ReactNode } from 'react';
import { useDeskState } from '../../store/use-desk.ts';
import { CopyableList } from '../../ui/facts.tsx';

export function IdentitySection(): ReactNode {
  const identity = useDeskState(({ live }) => live?.node.identity ?? null);
  return (
    <section className="panel" aria-label="Identity">
      <h3>Identity</h3>
      {identity === null ? (
        <p className="muted">The node has an identity while it runs.</p>
      ) : (
        <dl className="facts">
          <CopyableList name="peer id" items={[identity.peerId]} />
          <CopyableList name="addresses" items={identity.listenAddresses} />
          <CopyableList
            name="ENR"
            items={identity.enr === null ? [] : [identity.enr]}
            none="this engine makes none"
          />
        </dl>
      )}
    </section>
  );
}
