/** An error where it happened: a sentence, the code, the next step, and the details for a report. */
import type { ReactNode } from 'react';
import type { ErrorData } from '../../core/engine/errors.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';
import { visibleLine } from './visible-text.ts';

export function ErrorNotice({ error, children }: { error: ErrorData; children?: ReactNode }): ReactNode {
  return (
    <div className="notice notice-bad" role="alert">
      <Icon name="warn" />
      <div className="notice-words">
        <p>
          {visibleLine(error.message)} <code className="mono code">{error.code}</code>
        </p>
        <p className="muted">{visibleLine(error.hint)}</p>
      </div>
      <div className="notice-acts">
        {children}
        <CopyButton text={() => errorReport(error)} label="Copy details of the error">
          Copy details
        </CopyButton>
      </div>
    </div>
  );
}

export function errorReport({ code, operation, message, hint, cause }: ErrorData): string {
  const lines = [`${code} in ${operation}`, message, hint];
  return [...lines, ...(cause === undefined ? [] : [`cause: ${cause}`])].join('\n');
}
