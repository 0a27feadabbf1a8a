/** The node itself: who it is, what it relays, what its engine can do, what it says, how it is set. */
import type { ReactNode } from 'react';
import type { NodeTab } from '../../store/state.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { CrashSection } from './crash-section.tsx';
import { EngineSection } from './engine-section.tsx';
import { FiltersSection } from './filters-section.tsx';
import { IdentitySection } from './identity-section.tsx';
import { LogTab } from './log-tab.tsx';
import { NodeHead } from './node-head.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { ShardsSection } from './shards-section.tsx';
import { StatisticsSection } from './statistics-section.tsx';
import './node.css';

const TABS: readonly { id: NodeTab; title: string }[] = [
  { id: 'overview', title: 'Overview' },
  { id: 'log', title: 'Log' },
  { id: 'settings', title: 'Settings' },
];

export function NodeView(): ReactNode {
  const desk = useDesk();
  const tab = useDeskState(({ node }) => node.tab);
  const hasLive = useDeskState(({ live }) => live !== null);
  if (!hasLive)
    return <EmptyState title="Waiting for the host" text="The node shows up with the connection." />;
  return (
    <div className="node">
      <NodeHead />
      <Tabs
        label="Node"
        tabs={TABS}
        chosen={tab}
        onChoose={(chosen) => {
          desk.update('node', { tab: chosen });
        }}
      >
        {tab === 'overview' && (
          <div className="overview">
            <CrashSection />
            <IdentitySection />
            <ShardsSection />
            <FiltersSection />
            <StatisticsSection />
            <EngineSection />
          </div>
        )}
        {tab === 'log' && <LogTab />}
        {tab === 'settings' && <SettingsTab />}
      </Tabs>
    </div>
  );
}
