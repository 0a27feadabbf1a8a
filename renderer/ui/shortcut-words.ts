/** Shortcuts as they stand on the keys of this machine. */

const isMac = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac');

/** `mod+k` as it stands on the keys: `Ctrl K` or `⌘ K`. */
export function shortcutWords(shortcut: string): string {
  return shortcut
    .split('+')
    .map((key) => (key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : key))
    .join(' ');
}
