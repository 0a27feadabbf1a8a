/** Buttons: words, an icon, or both. A tooltip names the shortcut. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: IconName;
  kind?: 'primary' | 'plain' | 'quiet';
  /** Shown while the work that it began is under way; it cannot be pressed then. */
  busy?: boolean;
}

export function Button({ icon, kind = 'plain', busy = false, children, ...rest }: ButtonProps): ReactNode {
  const className = `button button-${kind} ${rest.className ?? ''}`;
  return (
    <button type="button" {...rest} className={className} aria-busy={busy} disabled={busy || rest.disabled}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  label: string;
  shortcut?: string;
}

export function IconButton({ icon, label, shortcut, ...rest }: IconButtonProps): ReactNode {
  const title = shortcut === undefined ? label : `${label} (${shortcut})`;
  return (
    <button
      type="button"
      {...rest}
      className="button button-quiet button-icon"
      aria-label={label}
      title={title}
    >
      <Icon name={icon} />
    </button>
  );
}
