/** `/lightpush/…`: messages that a service node relays; v1 answers in text, v3 in JSON. */
import * as z from 'zod';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { json, OK, statusOf, text, type Answer } from './answer.ts';
import { decodeBody, MISSING } from './body.ts';
import type { RestContext } from './context.ts';
import { INCORRECT_BASE64, messageOf, messageSchema } from './message-json.ts';
import { route, type Route } from './route.ts';
import { NO_PEER } from './service-texts.ts';

const pushSchema = z.strictObject({ pubsubTopic: z.string().exactOptional(), message: messageSchema });
type Push = z.output<typeof pushSchema>;

/** What wakunode2 says where its service node has seen the message before, in v1 as of every failure to relay. */
const DUPLICATE = {
  v1: text(503, 'Failed to request a message push: not_published_to_any_peer'),
  v3: json({ statusDesc: 'Dropping already-seen message' }, 420),
} as const;

type Pushed = { isDuplicate: true } | { isDuplicate: false; status: number; words: string };

const answerSchema = z.object({ statusDesc: z.string() });

export function lightpushRoutes({ session }: RestContext): Route[] {
  const answered = (status: number, words: string): Pushed => ({ isDuplicate: false, status, words });
  const push = async ({ pubsubTopic, message: given }: Push): Promise<Pushed> => {
    const message = messageOf(given);
    if (message === null) return answered(400, INCORRECT_BASE64);
    try {
      await session.publish({
        ...message,
        via: 'lightpush',
        ...(pubsubTopic !== undefined && { pubsubTopic }),
      });
      return answered(200, 'OK');
    } catch (error) {
      if (!(error instanceof WakuDeskError)) throw error;
      if (error.code === 'MESSAGE_DUPLICATE') return { isDuplicate: true };
      if (error.code === 'NO_SERVICE_PEER') return answered(503, NO_PEER);
      return answered(statusOf(error.code), `${error.code}: ${error.message}`);
    }
  };
  const summary = 'Have a service node relay a message.';
  const why = (schema?: z.ZodType) => ({
    200: { description: 'It took the message.', ...(schema && { schema }) },
    400: { description: 'Refused, and why.' },
    501: { description: 'The engine has no lightpush, and why.', ...(schema && { schema }) },
    503: { description: 'No service node took it, and why.', ...(schema && { schema }) },
  });
  return [
    route({
      method: 'POST',
      path: '/lightpush/v1/message',
      id: 'lightpush',
      summary,
      body: pushSchema,
      answers: why(),
      async handle({ body }): Promise<Answer> {
        const decoded = decodeBody(body, pushSchema, MISSING);
        if (!decoded.ok) return decoded.answer;
        const pushed = await push(decoded.value);
        if (pushed.isDuplicate) return DUPLICATE.v1;
        return pushed.status === 200 ? OK : text(pushed.status, pushed.words);
      },
    }),
    route({
      method: 'POST',
      path: '/lightpush/v3/message',
      id: 'lightpushV3',
      summary,
      body: pushSchema,
      answers: {
        ...why(answerSchema),
        420: { description: 'The message was sent before.', schema: answerSchema },
      },
      async handle({ body }): Promise<Answer> {
        const decoded = decodeBody(body, pushSchema, MISSING);
        if (!decoded.ok) return decoded.answer;
        const pushed = await push(decoded.value);
        return pushed.isDuplicate ? DUPLICATE.v3 : json({ statusDesc: pushed.words }, pushed.status);
      },
    }),
  ];
}
