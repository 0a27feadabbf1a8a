/** The payload: typed as text, hex or base64, or a file; its size against the limit. */
import type { ReactNode } from 'react';
import { Choice, Field } from '../../ui/field.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { visibleLine } from '../../ui/visible-text.ts';
import { isUntouched } from './check-form.ts';
import type { FormProps } from './publish-view.tsx';

export function PayloadFields({ form, checked, change }: FormProps): ReactNode {
  const { payloadBytes, maxPayloadBytes, problems } = checked;
  const limit = Math.max(1, maxPayloadBytes ?? 1);
  const size =
    maxPayloadBytes === null
      ? formatBytes(payloadBytes)
      : `${formatCount(payloadBytes)} of ${formatBytes(maxPayloadBytes)}`;
  return (
    <Field
      label="Payload"
      problem={isUntouched(form) ? undefined : problems.payload}
      hint={<span className="number">{size}</span>}
    >
      {(props) => (
        <>
          <Choice
            label="Payload written as"
            value={form.encoding}
            options={[
              { value: 'text', label: 'Text' },
              { value: 'hex', label: 'Hex' },
              { value: 'base64', label: 'Base64' },
              { value: 'file', label: 'File' },
            ]}
            onChange={(encoding) => {
              change({ encoding });
            }}
          />
          {form.encoding === 'file' ? (
            <FileInput form={form} change={change} props={props} />
          ) : (
            <textarea
              {...props}
              className="input mono payload-input"
              spellCheck={false}
              rows={6}
              value={form.payload}
              onChange={(event) => {
                change({ payload: event.target.value });
              }}
            />
          )}
          <meter
            className="size-meter"
            aria-label="Payload size against the limit"
            min={0}
            max={limit + 1}
            high={limit}
            value={maxPayloadBytes === null ? 0 : Math.min(payloadBytes, limit + 1)}
          />
        </>
      )}
    </Field>
  );
}

interface FileInputProps extends Pick<FormProps, 'form' | 'change'> {
  props: { id: string };
}

function FileInput({ form, change, props }: FileInputProps): ReactNode {
  return (
    <div className="inline">
      <input
        {...props}
        type="file"
        className="file-input"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file === undefined) return;
          void file.arrayBuffer().then((buffer) => {
            change({ file: { name: file.name, bytes: new Uint8Array(buffer) } });
          });
        }}
      />
      {form.file !== null && <span className="muted">{visibleLine(form.file.name)}</span>}
    </div>
  );
}
