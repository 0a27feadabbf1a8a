/** The bytes that wb_submit takes, as bridge.h describes them. */

export type Argument = string | number | Uint8Array;

const NUMBER_BYTES = 4;
/** Of UTF-8, for one unit of a JavaScript string. */
const MOST_BYTES_PER_UNIT = 3;

/** Used again for every call, for wb_submit copies before it returns. Grows to the longest one. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Encodes the arguments of a function of that shape: t text, b bytes, i int32, u uint32.
 * @returns bytes that are valid until the next call
 * @throws TypeError when they do not fit the shape: a defect of the caller
 */
export function encodeArguments(shape: string, values: readonly Argument[]): Uint8Array {
  if (values.length !== shape.length)
    throw new TypeError(`${shape.length} arguments are needed, not ${values.length}`);
  let most = 0;
  for (const value of values) most += NUMBER_BYTES + mostBytesOf(value);
  if (most > scratch.length) scratch = Buffer.allocUnsafeSlow(most);
  let end = 0;
  for (const [index, value] of values.entries()) end = encodeOne(shape[index], value, end);
  return scratch.subarray(0, end);
}

function mostBytesOf(value: Argument): number {
  if (typeof value === 'number') return 0;
  return typeof value === 'string' ? value.length * MOST_BYTES_PER_UNIT : value.length;
}

/** @returns where the next one begins */
function encodeOne(letter: string | undefined, value: Argument, at: number): number {
  if (letter === 't') {
    if (typeof value !== 'string') throw new TypeError('a text is needed');
    const length = scratch.write(value, at + NUMBER_BYTES);
    scratch.writeUInt32LE(length, at);
    return at + NUMBER_BYTES + length;
  }
  if (letter === 'b') {
    if (!(value instanceof Uint8Array)) throw new TypeError('bytes are needed');
    scratch.set(value, at + NUMBER_BYTES);
    scratch.writeUInt32LE(value.length, at);
    return at + NUMBER_BYTES + value.length;
  }
  const [least, most] = letter === 'i' ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new TypeError(`a whole number from ${least} to ${most} is needed`);
  return value < 0 ? scratch.writeInt32LE(value, at) : scratch.writeUInt32LE(value, at);
}
