/** Pictures of a screen, as Xvfb keeps it in a file (X window dump, 32 bits a pixel). */

export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Picture {
  width: number;
  height: number;
  /** 0xrrggbb of a pixel. */
  pixel(x: number, y: number): number;
}

/** @throws Error where it is no dump, or another kind of one */
export function readPicture(dump: Buffer): Picture {
  const field = (index: number): number => dump.readUInt32BE(index * 4);
  const [headerBytes, version, width, height] = [field(0), field(1), field(4), field(5)];
  const [byteOrder, bitsPerPixel, bytesPerLine, colourMapEntries] = [
    field(7),
    field(11),
    field(12),
    field(19),
  ];
  if (version !== 7 || bitsPerPixel !== 32 || byteOrder !== 0)
    throw new Error(`a screen of ${bitsPerPixel} bits, version ${version}, cannot be read`);
  const COLOUR_MAP_ENTRY = 12;
  const start = headerBytes + colourMapEntries * COLOUR_MAP_ENTRY;
  return {
    width,
    height,
    pixel: (x, y) => dump.readUInt32LE(start + y * bytesPerLine + x * 4) & 0xffffff,
  };
}

/** Colours in a part of it, and the share of the commonest. Every second pixel of every second line is looked at. */
export function colours(picture: Picture, place: Rectangle): { count: number; largestShare: number } {
  const counts = new Map<number, number>();
  let total = 0;
  for (let y = Math.max(0, place.top); y < Math.min(picture.height, place.top + place.height); y += 2)
    for (let x = Math.max(0, place.left); x < Math.min(picture.width, place.left + place.width); x += 2) {
      const colour = picture.pixel(x, y);
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
      total += 1;
    }
  return { count: counts.size, largestShare: Math.max(0, ...counts.values()) / Math.max(1, total) };
}
