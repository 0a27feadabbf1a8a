/** The button, and what keeps it from being pressed. */
import type { ReactNode } from 'react';
import { shortcutWords } from '../../ui/shortcut-words.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatMany } from '../../ui/format.ts';
import { isUntouched } from './check-form.ts';
import type { FormProps } from './publish-view.tsx';
import { useSendNote } from './send-note.ts';

export function SendBar({ form, checked: { draft, repeat, problems } }: FormProps): ReactNode {
  const { isReady, note: advice } = useSendNote();
  const { payload, ...others } = problems;
  const empty = payload !== undefined && isUntouched(form);
  const faults = Object.keys(empty ? others : problems).length;
  let note = advice;
  if (isReady && faults > 0) note = `${formatMany(faults, 'field')} to correct first.`;
  else if (isReady && empty) note = payload;
  return (
    <div className="send-bar">
      <Button
        type="submit"
        kind="primary"
        icon="publish"
        disabled={draft === null}
        title={`Publish (${shortcutWords('mod+Enter')}, or Enter in a line)`}
      >
        {repeat === null || draft === null ? 'Publish' : `Publish ${formatCount(repeat.count)}`}
      </Button>
      <span className="send-note muted">{note}</span>
    </div>
  );
}
