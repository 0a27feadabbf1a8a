/** Shown of total, dropped, rate. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { formatCount, formatRate } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';

export function Counters(): ReactNode {
  const { messages } = useDesk();
  useDeskState((state) => state.messages.version);
  const statistics = useDeskState(({ live }) => live?.counters.statistics ?? null);
  const search = useDeskState((state) => state.messages.search);
  const {
    dropped = 0,
    notCaptured = 0,
    messagesPerSecond = 0,
    duplicates = 0,
    refused = {},
  } = statistics ?? {};
  const lost = dropped + notCaptured;
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const facts = [
    `${formatCount(dropped)} dropped at full queues`,
    `${formatCount(notCaptured)} shown but not captured`,
    `${formatCount(duplicates)} heard again`,
    `${formatCount(refusals)} refused by the relay rules`,
  ];
  const more = search?.state === 'searching' ? '+' : '';
  return (
    <div className="counters number" aria-label="Counters" role="group">
      <span className="counter counter-shown">
        {formatCount(messages.keys.count)}
        {more} <span className="muted">of</span> {formatCount(messages.total)}
      </span>
      <span className={lost > 0 ? 'counter notice-text' : 'counter muted'} title={facts.join('\n')}>
        {lost > 0 && <Icon name="warn" />} {formatCount(lost)} dropped
      </span>
      <span className="counter counter-rate">{formatRate(messagesPerSecond)}</span>
    </div>
  );
}
