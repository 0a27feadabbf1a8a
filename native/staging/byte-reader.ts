/** A stream of bytes, read in the sizes that a format asks for. */
import { WakuDeskError } from '../../core/engine/errors.ts';

const PIECE_BYTES = 1 << 16;

export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #maxBytes: number;
  #rest: Uint8Array = new Uint8Array(0);
  #position = 0;

  /** @param maxBytes what is longer is refused: a small archive can unpack to anything */
  constructor(source: AsyncIterable<Uint8Array>, maxBytes: number) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#maxBytes = maxBytes;
  }

  /** Bytes that were read. */
  get position(): number {
    return this.#position;
  }

  /** So many bytes; fewer only at the end. @throws WakuDeskError FILE_FAILED */
  async read(size: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let missing = size;
    while (missing > 0) {
      if (this.#rest.byteLength === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) break;
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.byteLength);
      parts.push(part);
      missing -= part.byteLength;
    }
    this.#position += size - missing;
    if (this.#position > this.#maxBytes) throw damaged(`it unpacks to more than ${this.#maxBytes >> 20} MiB`);
    return Buffer.concat(parts);
  }

  /** @throws WakuDeskError FILE_FAILED where the stream ends before */
  async skip(size: number): Promise<void> {
    for (let left = size; left > 0;) {
      const { byteLength } = await this.read(Math.min(left, PIECE_BYTES));
      if (byteLength === 0) throw damaged('it ends in the middle of a file');
      left -= byteLength;
    }
  }

  /** Ends whatever the stream comes from. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** So many bytes in pieces. @throws WakuDeskError FILE_FAILED where the stream ends before */
  async *pieces(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0;) {
      const piece = await this.read(Math.min(left, PIECE_BYTES));
      if (piece.byteLength === 0) throw damaged('it ends in the middle of a file');
      left -= piece.byteLength;
      yield piece;
    }
  }
}

export function damaged(what: string, cause?: unknown): WakuDeskError {
  return new WakuDeskError('FILE_FAILED', `The package cannot be read: ${what}.`, {
    operation: 'native.add',
    hint: 'Get the package again, or unpack it yourself and add the library file.',
    ...(cause !== undefined && { cause }),
  });
}
