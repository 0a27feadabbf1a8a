/** Where the message goes: shard or pubsub topic, and content topic. */
import type { ReactNode } from 'react';
import { useDeskState } from '../../store/use-desk.ts';
import { shardName } from '../../ui/topic-words.ts';
import { Choice, Field } from '../../ui/field.tsx';
import type { FormProps } from './publish-view.tsx';

const AUTO_NEEDS = 'Auto needs the number of shards in the network: see the settings';

export function AddressFields({
  form,
  checked,
  change,
  topics,
}: FormProps & { topics: readonly string[] }): ReactNode {
  const shards = useDeskState(({ live }) => live?.settings.shardsInNetwork ?? 0);
  // A node that is not running relays nothing; the button says so.
  const running = useDeskState(({ live }) => live?.node.state === 'running');
  const { problems, pubsubTopic } = checked;
  return (
    <>
      <Field label="Content topic" problem={problems.contentTopic}>
        {(props) => (
          <input
            {...props}
            className="input mono"
            spellCheck={false}
            autoComplete="off"
            value={form.contentTopic}
            onChange={(event) => {
              change({ contentTopic: event.target.value });
            }}
          />
        )}
      </Field>
      <Field
        label="Goes to"
        problem={running ? problems.route : undefined}
        hint={<RouteHint pubsubTopic={pubsubTopic} canAuto={shards > 0} />}
      >
        {(props) => (
          <div className="inline">
            <Choice
              label="How the shard is chosen"
              value={form.route}
              options={[
                { value: 'shard', label: 'Shard' },
                {
                  value: 'auto',
                  label: 'Auto',
                  disabled: shards === 0 && form.route !== 'auto',
                  hint: shards === 0 ? AUTO_NEEDS : 'The shard follows from the content topic',
                },
                { value: 'topic', label: 'Pubsub topic' },
              ]}
              onChange={(route) => {
                change({ route });
              }}
            />
            {form.route === 'shard' && (
              <select
                {...props}
                className="input"
                value={topics.includes(form.shardTopic) ? form.shardTopic : (topics[0] ?? '')}
                onChange={(event) => {
                  change({ shardTopic: event.target.value });
                }}
              >
                {topics.length === 0 && <option value="">none</option>}
                {topics.map((topic) => (
                  <option key={topic} value={topic}>
                    {shardName(topic)}
                  </option>
                ))}
              </select>
            )}
            {form.route === 'topic' && (
              <input
                {...props}
                className="input mono grow"
                spellCheck={false}
                autoComplete="off"
                placeholder="/waku/2/rs/16/32"
                value={form.pubsubTopic}
                onChange={(event) => {
                  change({ pubsubTopic: event.target.value });
                }}
              />
            )}
            {form.route === 'auto' && (
              <output {...props} className="muted">
                {pubsubTopic === null ? 'no shard' : shardName(pubsubTopic)}
              </output>
            )}
          </div>
        )}
      </Field>
    </>
  );
}

function RouteHint({ pubsubTopic, canAuto }: { pubsubTopic: string | null; canAuto: boolean }): ReactNode {
  return (
    <>
      {pubsubTopic !== null && <code className="mono">{pubsubTopic}</code>}
      {!canAuto && ` · ${AUTO_NEEDS}`}
    </>
  );
}
