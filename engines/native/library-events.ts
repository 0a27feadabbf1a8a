/** What a node library tells, from its JSON. */
import * as z from 'zod';
import { libraryMessageSchema, parseExact } from './library-message.ts';

const peer = z.object({
  eventType: z.literal('connection_change'),
  peerId: z.string(),
  peerEvent: z.enum(['Joined', 'Left', 'Identified']),
});

/** Keys stand in any order, and more may come: names are what counts. */
export const libraryEventSchema = z.discriminatedUnion('eventType', [
  z.object({
    eventType: z.literal('message'),
    pubsubTopic: z.string(),
    messageHash: z.string(),
    wakuMessage: libraryMessageSchema,
  }),
  z.object({ eventType: z.literal('relay_topic_health_change'), pubsubTopic: z.string() }),
  peer,
  /** The library's watchdog: its node thread has not answered. v0.37, and generation C's name for it. */
  z.object({ eventType: z.enum(['waku_not_responding', 'not_responding']) }),
  z.object({ eventType: z.literal('node_health_change') }),
]);

export type LibraryEvent = z.output<typeof libraryEventSchema>;

const utf8 = new TextDecoder();

/** @throws Error when it is not an event that this program knows */
export function parseEvent(bytes: Uint8Array): LibraryEvent {
  const result = libraryEventSchema.safeParse(parseExact(utf8.decode(bytes)));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw new Error(`The node library told something unknown: ${problems.join('; ')}`);
}
