/** Copies a text and says for a moment that it did, without changing its size. */
import { useEffect, useState, type ReactNode } from 'react';
import { Icon } from './icon.tsx';

const SHOWN_MS = 1_500;

export function CopyButton({
  text,
  label,
  children,
}: {
  text: string | (() => string);
  label: string;
  children?: ReactNode;
}): ReactNode {
  const [result, setResult] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => {
      setResult(null);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [result]);
  const copy = (): void => {
    void copyText(typeof text === 'function' ? text() : text).then(
      () => {
        setResult('copied');
      },
      () => {
        setResult('failed');
      },
    );
  };
  const icon = result === null ? 'copy' : result === 'copied' ? 'check' : 'close';
  return (
    <button
      type="button"
      className={`button button-quiet ${children === undefined ? 'button-icon' : ''}`}
      aria-label={label}
      title={label}
      onClick={copy}
    >
      <Icon name={icon} />
      {children}
      <span className="visually-hidden" role="status">
        {result ?? ''}
      </span>
    </button>
  );
}

/** @returns rejects where the page may not */
export function copyText(text: string): Promise<void> {
  return navigator.clipboard.writeText(text);
}

/** An id or address shortened in the middle that copies whole. */
export function CopyableId({
  text,
  shown,
  label,
}: {
  text: string;
  shown: string;
  label: string;
}): ReactNode {
  return (
    <span className="copyable">
      <code className="mono" title={text}>
        {shown}
      </code>
      <CopyButton text={text} label={label} />
    </span>
  );
}
