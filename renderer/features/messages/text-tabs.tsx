/** A payload as text and as JSON. Never as HTML; what cannot be seen is written out. */
import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount } from '../../ui/format.ts';
import { visibleText } from '../../ui/visible-text.ts';
import { payloadJson, payloadText } from './message-format.ts';

/** More text at once makes the page slow. */
const SHOWN_CHARACTERS = 20_000;

export function TextTab({ payload }: { payload: Uint8Array }): ReactNode {
  const { text, exact } = payloadText(payload);
  return (
    <>
      {!exact && (
        <p className="pane-note muted">Not UTF-8: bytes that are no text are shown as �. See Hex.</p>
      )}
      <Preformatted text={text} />
    </>
  );
}

export function JsonTab({ payload }: { payload: Uint8Array }): ReactNode {
  const result = payloadJson(payloadText(payload).text);
  if ('problem' in result) return <EmptyState title={result.problem} text="Text and Hex show it as it is." />;
  return <Preformatted text={result.json} />;
}

function Preformatted({ text }: { text: string }): ReactNode {
  const [shown, setShown] = useState(SHOWN_CHARACTERS);
  return (
    <>
      <pre className="mono payload" dir="ltr">
        {visibleText(text.slice(0, shown))}
      </pre>
      {text.length > shown && (
        <p className="pane-note">
          {formatCount(shown)} of {formatCount(text.length)} characters.{' '}
          <Button
            onClick={() => {
              setShown(shown * 4);
            }}
          >
            Show more
          </Button>
        </p>
      )}
    </>
  );
}
