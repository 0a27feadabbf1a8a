/** Small pictures, drawn here: the page loads nothing from elsewhere. Always beside a word or a label. */
import type { ReactNode } from 'react';

const PATHS = {
  messages: 'M2 4h12M2 8h12M2 12h8',
  peers:
    'M8 5.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM3.5 14.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12.5 14.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 5.3 4.5 10.7M9 5.3l2.5 5.4M5.5 12.5h5',
  publish: 'M14 2 7 9M14 2l-4.5 12L7 9 2 6.5z',
  chat: 'M2.5 3h11v8h-6l-3 2.5V11h-2z',
  node: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  store:
    'M2.5 4.5c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4.5v7c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2v-7M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
  doctor: 'M2 8.5h3l1.5-4 3 7 1.5-3h3',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  check: 'M3 8.5 6.5 12 13 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  down: 'M8 3v10M4 9l4 4 4-4',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3l8 5-8 5z',
  warn: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 12h.01',
  stop: 'M4 4h8v8H4z',
  ring: 'M8 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10z',
  half: 'M8 13a5 5 0 0 0 0-10zM8 3a5 5 0 0 0 0 10',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 14 14',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7',
  system: 'M2 3h12v8H2zM5.5 13.5h5',
  export: 'M8 10V2M5 5l3-3 3 3M2.5 10v3.5h11V10',
} as const;

export type IconName = keyof typeof PATHS | 'dot';

export function Icon({ name, className = '' }: { name: IconName; className?: string }): ReactNode {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      {name === 'dot' ? (
        <circle cx="8" cy="8" r="4.5" fill="currentColor" />
      ) : (
        <path
          d={PATHS[name]}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
    </svg>
  );
}
