/** Whom to ask, and for what. What failed stays typed. */
import { useId, type ReactNode, type SubmitEvent } from 'react';
import { cancelStoreQuery, queryStore } from '../../store/store-actions.ts';
import type { StoreForm } from '../../store/state.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Field } from '../../ui/field.tsx';
import { checkQuery, knownStores, suggestedForm } from './store-form.ts';

interface Part {
  name: keyof StoreForm;
  label: string;
  placeholder: string;
}

const PARTS: readonly Part[] = [
  { name: 'peer', label: 'Store node', placeholder: '/ip4/127.0.0.1/tcp/60000/p2p/16Uiu2…' },
  { name: 'pubsubTopic', label: 'Pubsub topic', placeholder: 'every one' },
  { name: 'contentTopics', label: 'Content topics', placeholder: 'every one' },
  { name: 'from', label: 'From', placeholder: '2026-01-31 12:00' },
  { name: 'to', label: 'To', placeholder: 'open' },
];
const NOTHING: readonly never[] = [];

export function QueryForm(): ReactNode {
  const desk = useDesk();
  const typed = useDeskState(({ store }) => store.form);
  const busy = useDeskState(({ store }) => store.busy);
  const error = useDeskState(({ store }) => store.error);
  const peers = useDeskState(({ live }) => live?.peers) ?? NOTHING;
  const topics = useDeskState(({ live }) => live?.node.topics) ?? NOTHING;
  const running = useDeskState(({ live }) => live?.node.state === 'running');
  const listId = useId();
  const suggested = suggestedForm(
    peers,
    topics.map(({ pubsubTopic }) => pubsubTopic),
  );
  const form = typed ?? suggested;
  const { problems, request } = checkQuery(form);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (request !== null && running) void queryStore(desk, request);
  };
  return (
    <div className="bar-block">
      <form className="query" onSubmit={submit} aria-label="Query of a store" noValidate>
        {PARTS.map(({ name, label, placeholder }) => (
          <Field key={name} label={label} problem={problems[name]} className={`query-${name}`}>
            {(props) => (
              <input
                {...props}
                className="input mono"
                placeholder={placeholder}
                autoComplete="off"
                spellCheck={false}
                maxLength={4_096}
                list={name === 'peer' ? listId : undefined}
                value={form[name]}
                onChange={(event) => {
                  desk.update('store', { form: { ...form, [name]: event.target.value } });
                }}
              />
            )}
          </Field>
        ))}
        <datalist id={listId}>
          {knownStores(peers).map((address) => (
            <option key={address} value={address} />
          ))}
        </datalist>
        <div className="query-acts">
          <Button
            type="submit"
            kind="primary"
            icon="search"
            busy={busy}
            disabled={request === null || !running}
          >
            Query
          </Button>
          {busy && <Button onClick={cancelStoreQuery}>Cancel</Button>}
          {!running && <span className="muted">The node is not running: start it in the node view.</span>}
        </div>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </div>
  );
}
