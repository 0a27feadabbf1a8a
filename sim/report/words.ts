/** Figures of a report as people read them. */

export const MIB = 1_024 * 1_024;

export function ms(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value >= 100 ? `${count(Math.round(value))} ms` : `${value.toFixed(1)} ms`;
}

export function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`;
}

export function kib(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '–' : `${(bytesPerSecond / 1_024).toFixed(1)} KiB/s`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}
