/**
 * All that crosses between the page of the desktop app and its main process. Frames are messages of the protocol in
 * MessagePack, as on a WebSocket, so that the same bounds hold for both.
 */
import * as z from 'zod';

/** Chosen by the page at random for each connection, so that a page that is gone is not taken for the next. */
const connection = z.int().min(0);
const frame = z.instanceof(Uint8Array);

export const pageMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), connection }),
  z.strictObject({ kind: z.literal('frame'), connection, frame }),
  z.strictObject({ kind: z.literal('close'), connection }),
]);
export type PageMessage = z.output<typeof pageMessageSchema>;

export const mainMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), connection }),
  z.object({ kind: z.literal('frame'), connection, frame }),
  z.object({ kind: z.literal('closed'), connection, reason: z.string() }),
  /** Somebody chose this command of the window in the menu. */
  z.object({ kind: z.literal('command'), id: z.string() }),
]);
export type MainMessage = z.output<typeof mainMessageSchema>;
