/** The button, and what keeps it from being pressed. */
import type { ReactNode } from 'react';
import { offers } from '../../../core/engine/services.ts';
import { shortcutWords } from '../../ui/shortcut-words.ts';
import { useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatMany } from '../../ui/format.ts';
import { isUntouched } from './check-form.ts';
import type { FormProps } from './publish-view.tsx';

export function SendBar({ form, checked: { draft, repeat, problems } }: FormProps): ReactNode {
  const state = useDeskState(({ live }) => live?.node.state);
  const connected = useDeskState(({ connection }) => connection.state === 'connected');
  const peers = useDeskState(({ live }) => live?.peers.length ?? 0);
  const light = useDeskState(({ live }) => live?.settings.light === true);
  const pushers = useDeskState(
    ({ live }) => live?.peers.filter((peer) => offers(peer, 'lightpush')).length ?? 0,
  );
  const { payload, ...others } = problems;
  const empty = payload !== undefined && isUntouched(form);
  const faults = Object.keys(empty ? others : problems).length;
  let note = '';
  if (!connected) note = 'There is no connection to the host.';
  else if (state !== 'running') note = 'The node is not running: start it in the node view.';
  else if (faults > 0) note = `${formatMany(faults, 'field')} to correct first.`;
  else if (empty) note = payload;
  else if (light && pushers === 0) note = 'By lightpush, and no peer offers it: the message goes nowhere.';
  else if (light) note = `By lightpush, through ${formatMany(pushers, 'service peer')}.`;
  else if (peers === 0) note = 'No peers: the message goes nowhere.';
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
