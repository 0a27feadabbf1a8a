/**
 * All that crosses between the page of the desktop app and its main process. Frames are messages of the protocol in
 * MessagePack, as on a WebSocket, so that the same bounds hold for both.
 */
import * as z from 'zod';

/** Chosen by the page at random for each connection, so that a page that is gone is not taken for the next. */
const connection = z.int().min(0);
const frame = z.instanceof(Uint8Array);

const word = z.string().min(1).max(100);

/** A command of the page as the menu shows it. */
const commandSchema = z.strictObject({
  id: word,
  title: word,
  group: word,
  /** A key as KeyboardEvent has it; `mod+` is Ctrl, or ⌘ on a Mac. */
  shortcut: word.optional(),
});
export type MenuCommand = z.output<typeof commandSchema>;

export const pageMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), connection }),
  z.strictObject({ kind: z.literal('frame'), connection, frame }),
  z.strictObject({ kind: z.literal('close'), connection }),
  /** What the page can do, for the menu. */
  z.strictObject({ kind: z.literal('commands'), commands: z.array(commandSchema).max(200) }),
]);
export type PageMessage = z.output<typeof pageMessageSchema>;

export const mainMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), connection }),
  z.object({ kind: z.literal('frame'), connection, frame }),
  z.object({ kind: z.literal('closed'), connection, reason: z.string() }),
  /** Somebody chose this command in the menu. */
  z.object({ kind: z.literal('command'), id: z.string() }),
  /** What the app has to say beside everything that the harness does. */
  z.object({ kind: z.literal('notice'), tone: z.enum(['good', 'bad']), text: z.string() }),
]);
export type MainMessage = z.output<typeof mainMessageSchema>;
