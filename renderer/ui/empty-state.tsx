/** A place with nothing in it: what is missing, and the next act. */
import type { ReactNode } from 'react';

export function EmptyState({
  title,
  text,
  children,
}: {
  title: string;
  text?: string;
  children?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {text !== undefined && <p className="muted">{text}</p>}
      {children !== undefined && <div className="empty-acts">{children}</div>}
    </div>
  );
}
