/** Content topics that service nodes send: a light client hears nothing else. */
import { useState, type SubmitEvent, type ReactNode } from 'react';
import type { ErrorData } from '../../../core/engine/errors.ts';
import { errorData } from '../../store/error-data.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMany } from '../../ui/format.ts';
import { visibleLine } from '../../ui/visible-text.ts';

export function FiltersSection(): ReactNode {
  const desk = useDesk();
  const can = useDeskState(({ live }) => live?.engine.capabilities.lightClient.supported === true);
  const light = useDeskState(({ live }) => live?.settings.light === true);
  const running = useDeskState(({ live }) => live?.node.state === 'running');
  const filters = useDeskState(({ live }) => live?.node.filters) ?? [];
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData | null>(null);
  // Why an engine has no filter stands in its list of abilities.
  if (!can) return null;
  const change = async (contentTopic: string, on: boolean): Promise<void> => {
    setBusy(true);
    setError(null);
    const name = on ? 'filter.subscribe' : 'filter.unsubscribe';
    try {
      await desk.client.call(name, { contentTopics: [contentTopic] });
      if (on) setText('');
    } catch (caught) {
      setError(errorData(caught, name));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') void change(text.trim(), true);
  };
  const topics = [...new Set(filters.flatMap(({ contentTopics }) => contentTopics))].sort();
  return (
    <section className="panel" aria-label="Filters">
      <h3>Filters</h3>
      <ul className="plain-list filters">
        {topics.map((topic) => {
          const on = filters.filter(({ contentTopics }) => contentTopics.includes(topic));
          const served = on.filter((filter) => filter.served).length;
          return (
            <li key={topic} className="filter-topic">
              <code className="mono breakable">{visibleLine(topic)}</code>
              <span className={served === on.length ? 'good' : 'notice-text'}>
                {served === on.length
                  ? `heard on ${formatMany(on.length, 'shard')}`
                  : `served on ${served} of ${formatMany(on.length, 'shard')}`}
              </span>
              <IconButton
                icon="close"
                label={`Hear ${visibleLine(topic)} no more`}
                disabled={busy}
                onClick={() => void change(topic, false)}
              />
            </li>
          );
        })}
      </ul>
      {topics.length === 0 && (
        <p className="muted">
          {light
            ? 'No content topic is asked for: the light client hears nothing.'
            : 'Content topics that a service node sends, beside what is relayed.'}
        </p>
      )}
      <form className="bar-line" onSubmit={submit}>
        <label htmlFor="add-filter">Hear by filter</label>
        <input
          id="add-filter"
          className="input mono grow"
          placeholder="/app/1/name/proto"
          autoComplete="off"
          spellCheck={false}
          maxLength={1_024}
          disabled={!running}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <Button type="submit" busy={busy} disabled={!running || text.trim() === ''}>
          Hear
        </Button>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </section>
  );
}
