/** Who the running node is: id, addresses, ENR, to copy. */
import type { ReactNode } from 'react';
import { useDeskState } from '../../store/use-desk.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

export function IdentitySection(): ReactNode {
  const identity = useDeskState(({ live }) => live?.node.identity ?? null);
  return (
    <section className="panel" aria-label="Identity">
      <h3>Identity</h3>
      {identity === null ? (
        <p className="muted">The node has an identity while it runs.</p>
      ) : (
        <dl className="facts">
          <Item name="peer id" values={[identity.peerId]} />
          <Item name="addresses" values={identity.listenAddresses} />
          <Item
            name="ENR"
            values={identity.enr === null ? [] : [identity.enr]}
            none="this engine makes none"
          />
        </dl>
      )}
    </section>
  );
}

function Item({
  name,
  values,
  none = 'none',
}: {
  name: string;
  values: readonly string[];
  none?: string;
}): ReactNode {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        {values.length === 0 && <span className="muted">{none}</span>}
        {values.map((value) => (
          <span key={value} className="copyable">
            <code className="mono breakable">{value}</code>
            <CopyButton text={value} label={`Copy ${name}: ${value}`} />
          </span>
        ))}
      </dd>
    </div>
  );
}
