/** Timestamp, version, meta, ephemeral, repeat. */
import type { ReactNode } from 'react';
import { Choice, Field } from '../../ui/field.tsx';
import type { FormProps } from './publish-view.tsx';

export function OtherFields({ form, checked, change }: FormProps): ReactNode {
  const { problems, hash } = checked;
  return (
    <>
      <Field
        label="Timestamp"
        problem={problems.timestampNs}
        hint={
          hash === null ? (
            form.repeats ? (
              'each gets the time of its sending'
            ) : (
              'the hash follows from the time of sending'
            )
          ) : (
            <HashHint hash={hash} />
          )
        }
      >
        {(props) => (
          <div className="inline">
            <Choice
              label="Timestamp from"
              value={form.repeats ? 'now' : form.clock}
              options={[
                { value: 'now', label: 'Now' },
                { value: 'fixed', label: 'Fixed', disabled: form.repeats },
              ]}
              onChange={(clock) => {
                const isFirst = clock === 'fixed' && form.timestampNs === '';
                change(isFirst ? { clock, timestampNs: `${Date.now()}000000` } : { clock });
              }}
            />
            <input
              {...props}
              className="input mono grow"
              inputMode="numeric"
              aria-label="Unix time in nanoseconds"
              disabled={form.repeats || form.clock === 'now'}
              value={form.repeats || form.clock === 'now' ? '' : form.timestampNs}
              placeholder="Unix ns"
              onChange={(event) => {
                change({ timestampNs: event.target.value });
              }}
            />
          </div>
        )}
      </Field>
      <Field label="Meta" problem={problems.meta} hint="64 bytes at most; counts in the hash">
        {(props) => (
          <div className="inline">
            <Choice
              label="Meta written as"
              value={form.metaEncoding}
              options={[
                { value: 'text', label: 'Text' },
                { value: 'hex', label: 'Hex' },
              ]}
              onChange={(metaEncoding) => {
                change({ metaEncoding });
              }}
            />
            <input
              {...props}
              className="input mono grow"
              spellCheck={false}
              autoComplete="off"
              value={form.meta}
              onChange={(event) => {
                change({ meta: event.target.value });
              }}
            />
          </div>
        )}
      </Field>
      <Field label="Version" problem={problems.version}>
        {(props) => (
          <div className="inline">
            <input
              {...props}
              className="input mono short"
              inputMode="numeric"
              value={form.version}
              onChange={(event) => {
                change({ version: event.target.value });
              }}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={form.ephemeral}
                onChange={(event) => {
                  change({ ephemeral: event.target.checked });
                }}
              />
              Ephemeral: stores must not keep it
            </label>
          </div>
        )}
      </Field>
      <RepeatFields form={form} checked={checked} change={change} />
    </>
  );
}

function HashHint({ hash }: { hash: string }): ReactNode {
  return (
    <>
      hash <code className="mono breakable">{hash}</code>
    </>
  );
}

function RepeatFields({ form, checked: { problems }, change }: FormProps): ReactNode {
  return (
    <div className="field repeat">
      <label className="check">
        <input
          type="checkbox"
          checked={form.repeats}
          onChange={(event) => {
            change({ repeats: event.target.checked });
          }}
        />
        Send many
      </label>
      <div className="inline">
        <Field label="How many" problem={problems.count}>
          {(props) => (
            <input
              {...props}
              className="input mono short"
              inputMode="numeric"
              disabled={!form.repeats}
              value={form.count}
              onChange={(event) => {
                change({ count: event.target.value });
              }}
            />
          )}
        </Field>
        <Field label="Per second (empty: as fast as they go)" problem={problems.rate}>
          {(props) => (
            <input
              {...props}
              className="input mono short"
              inputMode="decimal"
              disabled={!form.repeats}
              value={form.rate}
              onChange={(event) => {
                change({ rate: event.target.value });
              }}
            />
          )}
        </Field>
      </div>
    </div>
  );
}
