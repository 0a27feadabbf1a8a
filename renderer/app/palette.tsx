/** The command palette: type a few letters, Enter runs. */
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useDesk } from '../store/use-desk.ts';
import { Modal } from '../ui/modal.tsx';
import { findCommands, type Command } from './commands.ts';
import { shortcutWords } from '../ui/shortcut-words.ts';

export function Palette(): ReactNode {
  const desk = useDesk();
  const base = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = findCommands(query);
  const chosen = found[Math.min(at, found.length - 1)];

  const close = (): void => {
    desk.store.setState({ overlay: null });
  };
  const run = (command: Command): void => {
    close();
    // After the dialog has given the focus back.
    setTimeout(() => {
      command.run(desk);
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === 'Enter' && chosen !== undefined) run(chosen);
    else return;
    event.preventDefault();
  };
  const optionId = (command: Command): string => `${base}${command.id}`;
  return (
    <Modal label="Commands" className="palette" onClose={close}>
      <input
        className="input palette-input"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls={`${base}list`}
        aria-activedescendant={chosen === undefined ? undefined : optionId(chosen)}
        placeholder="Type a command"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul role="listbox" id={`${base}list`} aria-label="Commands" className="palette-list">
        {found.map((command) => (
          <li
            key={command.id}
            id={optionId(command)}
            role="option"
            aria-selected={command === chosen}
            className="palette-option"
            ref={command === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : null}
            onClick={() => {
              run(command);
            }}
          >
            <span className="palette-group">{command.group}</span>
            <span>{command.title}</span>
            {command.shortcut !== undefined && <kbd>{shortcutWords(command.shortcut)}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="palette-none muted">No command has these words.</p>}
    </Modal>
  );
}
