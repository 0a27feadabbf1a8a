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

const answerSchema = z.object({ statusDesc: z.string() });

export function lightpushRoutes({ session }: RestContext): Route[] {
  const push = async ({ pubsubTopic, message: given }: Push): Promise<{ status: number; words: string }> => {
    const message = messageOf(given);
    if (message === null) return { status: 400, words: INCORRECT_BASE64 };
    try {
      await session.publish({
        ...message,
        via: 'lightpush',
        ...(pubsubTopic !== undefined && { pubsubTopic }),
      });
      return { status: 200, words: 'OK' };
    } catch (error) {
      if (!(error instanceof WakuDeskError)) throw error;
      if (error.code === 'NO_SERVICE_PEER') return { status: 503, words: NO_PEER };
      return { status: statusOf(error.code), words: `${error.code}: ${error.message}` };
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
        const { status, words } = await push(decoded.value);
        return status === 200 ? OK : text(status, words);
      },
    }),
    route({
      method: 'POST',
      path: '/lightpush/v3/message',
      id: 'lightpushV3',
      summary,
      body: pushSchema,
      answers: why(answerSchema),
      async handle({ body }): Promise<Answer> {
        const decoded = decodeBody(body, pushSchema, MISSING);
        if (!decoded.ok) return decoded.answer;
        const { status, words } = await push(decoded.value);
        return json({ statusDesc: words }, status);
      },
    }),
  ];
}
