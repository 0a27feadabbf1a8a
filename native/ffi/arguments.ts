/** The bytes that wb_submit takes, as bridge.h describes them. */

export type Argument = string | number;

/**
 * Encodes the arguments of a function of that shape: t text, i int32, u uint32.
 * @throws TypeError when they do not fit the shape: a defect of the caller
 */
export function encodeArguments(shape: string, values: readonly Argument[]): Uint8Array {
  if (values.length !== shape.length)
    throw new TypeError(`${shape.length} arguments are needed, not ${values.length}`);
  const parts = Array.from(shape, (letter, index) => encodeOne(letter, values[index]));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

function encodeOne(letter: string, value: Argument | undefined): Uint8Array {
  if (letter === 't') {
    if (typeof value !== 'string') throw new TypeError('a text is needed');
    const text = new TextEncoder().encode(value);
    const bytes = new Uint8Array(4 + text.byteLength);
    new DataView(bytes.buffer).setUint32(0, text.byteLength, true);
    bytes.set(text, 4);
    return bytes;
  }
  const [least, most] = letter === 'i' ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new TypeError(`a whole number from ${least} to ${most} is needed`);
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
