/** Relayed shards with their health; each can be switched off, others on. */
import { useState, type SubmitEvent, type ReactNode } from 'react';
import type { NodeStatus } from '../../../core/operations/live-values.ts';
import { formatPubsubTopic, parsePubsubTopic } from '../../../core/waku/topics.ts';
import { switchTopic } from '../../store/node-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMany } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { HEALTH_WORDS, shardName } from '../../ui/topic-words.ts';
import { visibleLine } from '../../ui/visible-text.ts';

export function ShardsSection(): ReactNode {
  const desk = useDesk();
  const topics = useDeskState(({ live }) => live?.node.topics) ?? [];
  const running = useDeskState(({ live }) => live?.node.state === 'running');
  const meshTarget = useDeskState(({ live }) => live?.meshTarget ?? 0);
  const light = useDeskState(({ live }) => live?.settings.light === true);
  const filters = useDeskState(({ live }) => live?.node.filters) ?? [];
  const switching = useDeskState(({ node }) => node.switching);
  const error = useDeskState(({ node }) => node.topicError);
  // A shard that was switched off stays in the list, so that it can be switched on again.
  const [off, setOff] = useState<readonly string[]>([]);
  const on = new Set(topics.map(({ pubsubTopic }) => pubsubTopic));
  const rows = [...new Set([...on, ...off])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const toggle = (topic: string): void => {
    if (on.has(topic)) setOff([...off, topic]);
    void switchTopic(desk, topic, !on.has(topic));
  };
  return (
    <section className="panel" aria-label="Shards">
      <h3>Shards</h3>
      <ul className="plain-list shards">
        {rows.map((topic) => (
          <li key={topic} className="shard">
            <button
              type="button"
              role="switch"
              aria-checked={on.has(topic)}
              className="switch"
              disabled={!running || switching.includes(topic)}
              onClick={() => {
                toggle(topic);
              }}
            >
              <span className="switch-track" aria-hidden="true" />
              {shardName(topic)}
            </button>
            <code className="mono muted shard-topic">{topic}</code>
            {light && on.has(topic) ? (
              <ByFilter filter={filters.find(({ pubsubTopic }) => pubsubTopic === topic)} />
            ) : (
              <Health
                topic={topics.find(({ pubsubTopic }) => pubsubTopic === topic)}
                meshTarget={meshTarget}
              />
            )}
          </li>
        ))}
      </ul>
      {rows.length === 0 && (
        <p className="muted">
          {running
            ? 'No shard is switched on: the node hears nothing.'
            : 'The node has its shards while it runs.'}
        </p>
      )}
      <AddShard disabled={!running} verb={light ? 'Hear' : 'Relay'} />
      {error !== null && <ErrorNotice error={error} />}
    </section>
  );
}

/** A light client has no mesh on a shard: a service node sends what is asked for. */
function ByFilter({ filter }: { filter: NodeStatus['filters'][number] | undefined }): ReactNode {
  if (filter === undefined) return <span className="muted">no content topic asked for</span>;
  if (filter.served)
    return (
      <span className="good">
        <Icon name="check" /> by filter · {formatMany(filter.contentTopics.length, 'content topic')}
      </span>
    );
  return (
    <span className="notice-text">
      <Icon name="warn" /> not served
      {filter.error !== null && (
        <>
          : {visibleLine(filter.error.message)} <code className="mono code">{filter.error.code}</code>
        </>
      )}
    </span>
  );
}

function Health({
  topic,
  meshTarget,
}: {
  topic: NodeStatus['topics'][number] | undefined;
  meshTarget: number;
}): ReactNode {
  if (topic === undefined) return <span className="muted">off</span>;
  const { health, meshPeers } = topic;
  const good = health === 'SufficientlyHealthy';
  return (
    <span className={good ? 'good' : 'notice-text'}>
      <Icon name={good ? 'check' : 'warn'} /> {HEALTH_WORDS[health]} · mesh{' '}
      <span className="number">
        {meshPeers.length}/{meshTarget}
      </span>
    </span>
  );
}

function AddShard({ disabled, verb }: { disabled: boolean; verb: 'Relay' | 'Hear' }): ReactNode {
  const desk = useDesk();
  const cluster = useDeskState(({ live }) => live?.settings.clusterId ?? 16);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const wanted = text.trim();
    const topic = topicOf(wanted, cluster);
    if (topic === null) {
      setProblem('Write a shard from 0 to 65535, or /waku/2/rs/<cluster>/<shard>.');
      return;
    }
    void switchTopic(desk, topic, true).then((worked) => {
      if (worked) setText('');
    });
  };
  return (
    <form className="bar-line" onSubmit={submit}>
      <label htmlFor="add-shard">{verb} another</label>
      <input
        id="add-shard"
        className="input mono"
        placeholder="33"
        autoComplete="off"
        disabled={disabled}
        aria-invalid={problem !== null}
        aria-describedby="add-shard-note"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(null);
        }}
      />
      <Button type="submit" disabled={disabled || text.trim() === ''}>
        {verb}
      </Button>
      <span id="add-shard-note" className="bad">
        {problem ?? ''}
      </span>
    </form>
  );
}

function topicOf(text: string, cluster: number): string | null {
  if (parsePubsubTopic(text) !== null) return text;
  const shard = Number(text);
  return /^\d{1,5}$/.test(text) && shard <= 65_535 ? formatPubsubTopic({ cluster, shard }) : null;
}
