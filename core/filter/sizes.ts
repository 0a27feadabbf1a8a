/** Sizes as people write them. */

const SIZE = /^(\d{1,12}(?:\.\d{1,6})?)(b|kb?|kib|mb?|mib)?$/i;
const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 * 1024 };

/** `1kb`, `1.5KiB`, `200`, `2mb` in bytes, or null. Units are powers of 1,024, with or without the i. */
export function readSize(text: string): number | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  const unit = UNIT_BYTES[(match[2] ?? '').charAt(0).toLowerCase()];
  return unit === undefined ? null : Number(match[1]) * unit;
}

/** `1.5 KiB (1,536 bytes)`, or bytes alone where the larger unit would be inexact. */
export function formatSize(bytes: number): string {
  const count = `${bytes.toLocaleString('en')} ${bytes === 1 ? 'byte' : 'bytes'}`;
  for (const [unit, size] of [
    ['MiB', 1024 * 1024],
    ['KiB', 1024],
  ] as const) {
    const hundredths = (bytes / size) * 100;
    if (hundredths >= 100 && Number.isInteger(hundredths))
      return `${(hundredths / 100).toLocaleString('en')} ${unit} (${count})`;
  }
  return count;
}
