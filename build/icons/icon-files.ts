/** Icons of macOS and Windows: containers around PNG files. */
export interface Picture {
  /** In pixels, of each side. */
  size: number;
  png: Buffer;
}

/** macOS's names for sizes. */
const ICNS_TYPES: Record<number, readonly string[]> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['icp6', 'ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

export function icnsOf(pictures: readonly Picture[]): Buffer {
  const parts = pictures.flatMap(({ size, png }) =>
    (ICNS_TYPES[size] ?? []).flatMap((type) => [icnsHeader(type, png.length), png]),
  );
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([icnsHeader('icns', size), ...parts]);
}

function icnsHeader(type: string, contentBytes: number): Buffer {
  const header = Buffer.alloc(8, type, 'latin1');
  header.writeUInt32BE(contentBytes + 8, 4);
  return header;
}

export function icoOf(pictures: readonly Picture[]): Buffer {
  const ENTRY = 16;
  const small = pictures.filter(({ size }) => size <= 256);
  const head = Buffer.alloc(6 + small.length * ENTRY);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(small.length, 4);
  let offset = head.length;
  small.forEach(({ size, png }, index) => {
    const at = 6 + index * ENTRY;
    // 256 is written as 0.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...small.map(({ png }) => png)]);
}
