/** Keys that work everywhere in the window. */
import { useEffect } from 'react';
import type { Desk } from '../store/desk.ts';
import { useDesk } from '../store/use-desk.ts';
import { COMMANDS } from './commands.ts';

/** The command that a key press means; null where it is text, or a button's own key. */
export function shortcutOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): string | null {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return `mod+${event.key.toLowerCase()}`;
  return event.key === ' ' ? 'Space' : event.key;
}

/** Keys that only move in the list; pressed outside of everything they go to the view's main list. */
const LIST_KEYS = new Set(['j', 'k', 'ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'Enter']);

export function useShortcuts(): void {
  const desk = useDesk();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      handleKey(desk, event);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [desk]);
}

function handleKey(desk: Desk, event: KeyboardEvent): void {
  const { target } = event;
  const shortcut = shortcutOf(event);
  if (shortcut === null || !(target instanceof Element) || event.defaultPrevented) return;
  const isMod = shortcut.startsWith('mod+');
  if (desk.store.getState().overlay !== null && !isMod) return;
  if (!isMod && target.closest('input, textarea, select') !== null) return;
  if (shortcut === 'Space' && target.closest('button, a, summary, [role="tab"]') !== null) return;
  const command = COMMANDS.find((one) => one.shortcut === shortcut);
  if (command !== undefined) {
    event.preventDefault();
    command.run(desk);
  } else if (LIST_KEYS.has(shortcut) && (target === document.body || target.tagName === 'MAIN')) {
    const grid = document.querySelector<HTMLElement>('[data-main-grid]');
    if (grid === null) return;
    event.preventDefault();
    grid.focus();
    grid.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: true, cancelable: true }));
  }
}
