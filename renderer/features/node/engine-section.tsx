/** The engine and the profile: what each can do, and why not. */
import type { ReactNode } from 'react';
import type { Capabilities, EngineKind, Support } from '../../../core/engine/capabilities.ts';
import { PROFILES, type Profile } from '../../../core/engine/profiles.ts';
import type { EngineHealth } from '../../../core/operations/doctor-values.ts';
import { useDeskState } from '../../store/use-desk.ts';
import { Fact } from '../../ui/facts.tsx';
import { Icon } from '../../ui/icon.tsx';
import { visibleLine } from '../../ui/visible-text.ts';

export function EngineSection(): ReactNode {
  const engine = useDeskState(({ live }) => live?.engine);
  const profileName = useDeskState(({ live }) => live?.profile);
  const runningVersion = useDeskState(({ live }) => live?.node.identity?.version);
  const health = useDeskState(({ doctor }) => doctor.report?.engines);
  const version = useDeskState(({ live }) => live?.version);
  if (engine === undefined || profileName === undefined) return null;
  const profile = PROFILES[profileName];
  return (
    <section className="panel" aria-label="Engine">
      <h3>Engine</h3>
      <dl className="facts">
        <Fact name="engine">
          {engine.kind} <span className="muted">{visibleLine(runningVersion ?? engine.version)}</span>
        </Fact>
        <Fact name="profile">
          {profile.name} <span className="muted">{profile.purpose}</span>
        </Fact>
        <Fact name="its engines">
          {engine.kind}{' '}
          <span className="muted">{visibleLine(otherEngines(profile, engine.kind, health ?? []))}</span>
        </Fact>
        <Fact name="Waku Desk">
          <span className="mono">{version}</span>
        </Fact>
      </dl>
      <ul className="plain-list abilities">
        {abilities(engine.capabilities).map(([name, support]) => (
          <li key={name} className="ability">
            <span className={support.supported ? 'good' : 'muted'}>
              <Icon name={support.supported ? 'check' : 'close'} />
              <span className="visually-hidden">{support.supported ? 'can' : 'cannot'}</span>
            </span>
            <span>{name}</span>
            {!support.supported && (
              <span className="muted">
                {visibleLine(support.reason)} <code className="mono code">{support.code}</code>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the doctor said of them, once it has. */
function otherEngines(
  { engines, lightClient }: Profile,
  running: EngineKind,
  health: readonly EngineHealth[],
): string {
  const others = engines.filter((kind) => kind !== running);
  return [
    ...others.map((kind) => {
      const found = health.find((one) => one.kind === kind);
      return found === undefined ? kind : `${kind} ${found.canRun ? 'can run' : 'cannot run'}`;
    }),
    ...(lightClient ? [] : ['without light client']),
  ].join(' · ');
}

function abilities(can: Capabilities): [name: string, support: Support][] {
  return [
    ['relay', can.relay],
    ['filter and lightpush', can.lightClient],
    ['store query', can.storeQuery],
    ['RLN', can.rln],
    ['metrics', can.metrics],
    ['discovery by mDNS', can.discovery.mdns],
    ['discovery by discv5', can.discovery.discv5],
    ['discovery by DNS', can.discovery.dns],
    ['peer exchange', can.discovery.peerExchange],
    ['restart in process', can.restartInProcess],
    ['origin of messages', can.messageOrigin],
    ['count of real sends', can.sendCount],
  ];
}
