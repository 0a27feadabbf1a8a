/** Name, engine, chip, palette, theme. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../store/use-desk.ts';
import { Button, IconButton } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';
import { visibleLine } from '../ui/visible-text.ts';
import { ChipButton } from './chip-button.tsx';
import { shortcutWords } from '../ui/shortcut-words.ts';
import { applyTheme, nextTheme } from '../store/view-actions.ts';

const THEME_ICONS: Record<ReturnType<typeof nextTheme>, IconName> = {
  system: 'system',
  dark: 'moon',
  light: 'sun',
};

export function TopBar(): ReactNode {
  const desk = useDesk();
  const engine = useDeskState(({ live }) => live?.engine ?? null);
  const version = useDeskState(({ live }) => live?.node.identity?.version ?? live?.engine.version ?? '');
  const theme = useDeskState((state) => state.theme);
  return (
    <header className="top-bar">
      <h1 className="product">Waku Desk</h1>
      {engine !== null && (
        <span className="engine" title={`Engine ${engine.kind}: ${visibleLine(version)}`}>
          {engine.kind} <span className="engine-version muted">{visibleLine(version)}</span>
        </span>
      )}
      <ChipButton />
      <span className="top-bar-space" />
      <Button
        kind="quiet"
        icon="search"
        className="palette-button"
        title={`Commands (${shortcutWords('mod+k')})`}
        onClick={() => {
          desk.store.setState({ overlay: 'palette' });
        }}
      >
        <span className="palette-word">Commands</span> <kbd>{shortcutWords('mod+k')}</kbd>
      </Button>
      <IconButton
        icon={THEME_ICONS[theme]}
        label={`Theme: ${theme}. Change to ${nextTheme(theme)}`}
        onClick={() => {
          applyTheme(desk, nextTheme(theme));
        }}
      />
    </header>
  );
}
