import { expect, it } from 'vitest';
import { COMMANDS, findCommands } from './commands.ts';
import { shortcutOf } from './shortcuts.ts';

it('no two commands have the same name or key', () => {
  for (const values of [COMMANDS.map(({ id }) => id), COMMANDS.flatMap(({ shortcut }) => shortcut ?? [])])
    expect(new Set(values).size).toBe(values.length);
});

it('finds commands by words in any order', () => {
  expect(findCommands('csv export').map(({ id }) => id)).toEqual(['export.csv']);
  expect(findCommands('  ').length).toBe(COMMANDS.length - 1);
  expect(findCommands('nothing of this kind')).toEqual([]);
});

it('reads a key press', () => {
  const press = (key: string, held: Partial<KeyboardEvent> = {}): string | null =>
    shortcutOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });
  expect(press(' ')).toBe('Space');
  expect(press('?')).toBe('?');
  expect(press('K', { ctrlKey: true })).toBe('mod+k');
  expect(press('k', { metaKey: true })).toBe('mod+k');
  expect(press('1', { altKey: true })).toBeNull();
});
