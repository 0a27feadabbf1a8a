/** For tests: tar archives with whatever names and sizes they are told. */
export interface FixtureEntry {
  path: string;
  content: Buffer;
  /** Other than the content has. */
  sizeBytes?: number;
}

const BLOCK = 512;

export function tarOf(entries: readonly FixtureEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, content, sizeBytes = content.length }) => {
    const header = Buffer.alloc(BLOCK);
    header.write(path, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        0ustar\x0000', 148, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}
