/** Checks at both ends: what arrives is unknown until a schema has passed it. */
import type * as z from 'zod';
import { WakuDeskError } from '../engine/errors.ts';
import { OPERATIONS, type Answers, type CheckedRequests, type OperationName } from './operations.ts';

/** @throws WakuDeskError BAD_USE that says in a sentence what is wrong, and where */
export function checkRequest<N extends OperationName>(name: N, request: unknown): CheckedRequests[N] {
  const result = OPERATIONS[name].request.safeParse(request);
  // A union to the compiler, but the schema is the one that the type of N is derived from; also below.
  if (result.success) return result.data as CheckedRequests[N];
  throw notRight(name, 'request', result.error);
}

/** @throws WakuDeskError BAD_USE when host and client are of different builds */
export function checkAnswer<N extends OperationName>(name: N, answer: unknown): Answers[N] {
  const result = OPERATIONS[name].answer.safeParse(answer);
  if (result.success) return result.data as Answers[N];
  throw notRight(name, 'answer', result.error);
}

function notRight(operation: OperationName, what: string, error: z.ZodError): WakuDeskError {
  return new WakuDeskError('BAD_USE', `The ${what} is not right: ${describeIssues(error)}.`, {
    operation,
    hint: 'Correct what is named; page and host must be of the same version.',
  });
}

const MAX_ISSUES = 3;

/** `message.payload: expected a Uint8Array; unrecognized key "x"` */
export function describeIssues({ issues }: z.ZodError): string {
  const sentences = issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const place = path.map(String).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  const more = issues.length - sentences.length;
  return `${sentences.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
