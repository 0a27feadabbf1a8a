/** Every key of the window on one sheet. */
import type { ReactNode } from 'react';
import { useDesk } from '../store/use-desk.ts';
import { IconButton } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { COMMANDS } from './commands.ts';
import { shortcutWords } from '../ui/shortcut-words.ts';

const LIST_KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['J', '↓'], 'Next row'],
  [['K', '↑'], 'Row before'],
  [['PgDn', 'PgUp'], 'A page down or up'],
  [['Home'], 'First row'],
  [['End'], 'Last row, and follow'],
  [['Enter'], 'Details; in a form: send'],
  [['Esc'], 'Back to the list, close'],
];

export function ShortcutSheet(): ReactNode {
  const desk = useDesk();
  const close = (): void => {
    desk.store.setState({ overlay: null });
  };
  const shortcuts = COMMANDS.flatMap(({ title, shortcut }) =>
    shortcut === undefined ? [] : ([[[shortcutWords(shortcut)], title]] as const),
  );
  const forms = [
    [[shortcutWords('mod+Enter')], 'Send what stands in the publish form'],
    [['Shift', 'Enter'], 'In the chat: a new line instead of sending'],
  ] as const;
  return (
    <Modal label="Keyboard shortcuts" className="sheet" onClose={close}>
      <header className="sheet-head">
        <h2>Keyboard shortcuts</h2>
        <IconButton icon="close" label="Close" shortcut="Esc" onClick={close} />
      </header>
      <div className="sheet-columns">
        <KeyTable title="Everywhere" rows={[...shortcuts, ...forms]} />
        <KeyTable title="In lists" rows={LIST_KEYS} />
      </div>
    </Modal>
  );
}

function KeyTable({ title, rows }: { title: string; rows: typeof LIST_KEYS }): ReactNode {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="keys">
        {rows.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
