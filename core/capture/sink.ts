/** Where an export goes. */
import type { Writable } from 'node:stream';

/** Takes bytes; resolves when more may come. */
export type Sink = (bytes: Buffer) => Promise<void>;

/** Gives a sink that fails with the stream's error. The stream is not ended. */
export async function withStream<T>(stream: Writable, use: (sink: Sink) => Promise<T>): Promise<T> {
  const ignore = (): void => undefined;
  // The write's callback brings the error; the event that follows it must find a listener.
  stream.on('error', ignore);
  const result = await use(
    (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => {
          if (error instanceof Error) reject(error);
          else resolve();
        });
      }),
  );
  stream.off('error', ignore);
  return result;
}
