/** What a node library tells, from its JSON. */
import * as z from 'zod';
import { libraryMessageSchema, parseExact, plainMessage } from './library-message.ts';

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
  const value = parseExact(utf8.decode(bytes));
  const plain = plainMessageEvent(value);
  if (plain !== null) return plain;
  const result = libraryEventSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw new Error(`The node library told something unknown: ${problems.join('; ')}`);
}

/**
 * What the schema makes of a message event in its usual shape, for a fifth of the time: it comes with every message.
 * Null: the schema decides.
 */
function plainMessageEvent(value: unknown): LibraryEvent | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('eventType' in value) || value.eventType !== 'message') return null;
  if (!('pubsubTopic' in value) || typeof value.pubsubTopic !== 'string') return null;
  if (!('messageHash' in value) || typeof value.messageHash !== 'string') return null;
  const wakuMessage = 'wakuMessage' in value ? plainMessage(value.wakuMessage) : null;
  if (wakuMessage === null) return null;
  const { pubsubTopic, messageHash } = value;
  return { eventType: 'message', pubsubTopic, messageHash, wakuMessage };
}
