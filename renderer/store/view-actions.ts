/** Where the user is, and how it looks. */
import type { Desk } from './desk.ts';
import { keep, readKept } from './kept.ts';
import type { Theme, ViewName } from './state.ts';

export function goTo(desk: Desk, view: ViewName): void {
  desk.store.setState({ view, overlay: null });
}

const THEMES: readonly Theme[] = ['system', 'dark', 'light'];
const THEME_KEY = 'waku-desk.theme';

/** Puts the theme that was chosen last into force. */
export function restoreTheme(desk: Desk): void {
  const kept = THEMES.find((theme) => theme === readKept(THEME_KEY));
  applyTheme(desk, kept ?? 'system');
}

export function applyTheme(desk: Desk, theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  keep(THEME_KEY, theme);
  desk.store.setState({ theme });
}

export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
}
