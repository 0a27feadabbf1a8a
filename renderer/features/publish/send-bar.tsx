/** The button, and what keeps it from being pressed. */
import type { ReactNode } from 'react';
import { shortcutWords } from '../../ui/shortcut-words.ts';
import { useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import type { FormProps } from './publish-view.tsx';

export function SendBar({ checked: { draft, repeat, problems } }: FormProps): ReactNode {
  const state = useDeskState(({ live }) => live?.node.state);
  const connected = useDeskState(({ connection }) => connection.state === 'connected');
  const peers = useDeskState(({ live }) => live?.peers.length ?? 0);
  const [problem] = Object.values(problems);
  let note = problem ?? '';
  if (!connected) note = 'There is no connection to the host.';
  else if (state !== 'running') note = 'The node is not running: start it in the node view.';
  else if (note === '' && peers === 0) note = 'No peers: the message goes nowhere.';
  return (
    <div className="send-bar">
      <Button
        type="submit"
        kind="primary"
        icon="publish"
        disabled={draft === null}
        title={`Publish (${shortcutWords('mod+Enter')}, or Enter in a line)`}
      >
        {repeat === null ? 'Publish' : `Publish ${formatCount(repeat.count)}`}
      </Button>
      <span className="send-note muted">{note}</span>
    </div>
  );
}
