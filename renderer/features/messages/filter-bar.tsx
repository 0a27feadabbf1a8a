/** Filter, its meaning or its fault, counters, pause. The line under the field is always there: nothing jumps. */
import type { KeyboardEvent, ReactNode } from 'react';
import type { FilterProblem } from '../../../core/filter/filter.ts';
import { shortcutWords } from '../../ui/shortcut-words.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { IconButton } from '../../ui/button.tsx';
import { formatMany } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { focusMainGrid } from '../../ui/virtual-grid.tsx';
import { visibleLine } from '../../ui/visible-text.ts';
import { Counters } from './counters.tsx';
import { PauseButton } from './pause-button.tsx';

export function FilterBar(): ReactNode {
  const desk = useDesk();
  const text = useDeskState(({ messages }) => messages.text);
  const problem = useDeskState(({ messages }) => messages.problem);
  const words = useDeskState(({ messages }) => messages.words);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') desk.messages.apply(text, true);
    else if (event.key === 'Escape') focusMainGrid();
  };
  return (
    <div className="filter-bar">
      <div className="filter-line">
        <label className="filter-field">
          <span className="visually-hidden">Filter messages</span>
          <Icon name="search" className="muted" />
          <input
            id="filter"
            className="input mono"
            type="text"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={4_096}
            placeholder="content:/toy-chat/ size>1kb"
            title={`Filter (${shortcutWords('mod+f')})`}
            aria-invalid={problem !== null}
            aria-describedby="filter-words"
            value={text}
            onChange={(event) => {
              desk.messages.type(event.target.value);
            }}
            onKeyDown={onKeyDown}
          />
          {text !== '' && (
            <IconButton
              icon="close"
              label="Clear the filter"
              onClick={() => {
                desk.messages.apply('');
              }}
            />
          )}
        </label>
        <PauseButton />
        <Counters />
      </div>
      <p id="filter-words" className="filter-words">
        {problem === null ? (
          <span className="muted" title={words}>
            means: {words}
            <SearchNote />
          </span>
        ) : (
          <Problem text={text} problem={problem} />
        )}
      </p>
    </div>
  );
}

/** What the search could not do. */
function SearchNote(): ReactNode {
  const search = useDeskState(({ messages }) => messages.search);
  const error = search?.error ?? null;
  if (error !== null) return <span className="bad"> · search ended: {visibleLine(error.message)}</span>;
  if (search === null || search.unknown === 0) return null;
  return ` · ${formatMany(search.unknown, 'payload')} gone: nobody can tell whether they match`;
}

/** Characters before the marked place that are shown. */
const BEFORE = 24;
const AFTER = 24;

function Problem({ text, problem }: { text: string; problem: FilterProblem }): ReactNode {
  const { start, end, message, hint } = problem;
  const before = text.slice(Math.max(0, start - BEFORE), start);
  const place = text.slice(start, end);
  return (
    <span title={`${message} ${hint}`}>
      <Icon name="warn" className="bad" />{' '}
      <code className="mono filter-place">
        {visibleLine(before)}
        <mark>{place === '' ? '␣' : visibleLine(place)}</mark>
        {visibleLine(text.slice(end, end + AFTER))}
      </code>{' '}
      <span className="bad">{message}</span> <span className="muted">{hint}</span>
    </span>
  );
}
