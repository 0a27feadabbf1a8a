/**
 * Every thing a user can do, in one object: name, request, answer. The client, the handlers and the checks at
 * both ends are derived from it; no name stands anywhere else.
 */
import type * as z from 'zod';
import { HOST_OPERATIONS } from './host-operations.ts';
import { MESSAGE_OPERATIONS } from './message-operations.ts';
import { NODE_OPERATIONS } from './node-operations.ts';
import { SERVICE_OPERATIONS } from './service-operations.ts';

export const OPERATIONS = {
  ...HOST_OPERATIONS,
  ...MESSAGE_OPERATIONS,
  ...NODE_OPERATIONS,
  ...SERVICE_OPERATIONS,
};

type Table = typeof OPERATIONS;
/** `group.verb` */
export type OperationName = keyof Table;

/** What a caller gives. */
export type Requests = { [N in OperationName]: z.input<Table[N]['request']> };
/** What a handler gets: checked, and with bytes of its own. */
export type CheckedRequests = { [N in OperationName]: z.output<Table[N]['request']> };
export type Answers = { [N in OperationName]: z.output<Table[N]['answer']> };
/** `never` where an operation tells nothing while it works. */
export type Progress = {
  [N in OperationName]: Table[N]['progress'] extends z.ZodType ? z.output<Table[N]['progress']> : never;
};

/** What a handler may use beside its request. */
export interface HandlerContext<N extends OperationName> {
  /** Fires when the caller cancels or is gone. */
  readonly signal: AbortSignal;
  /** Tells the caller how far it is. */
  readonly progress: (value: Progress[N]) => void;
}

/** The work behind every operation; a host binds them at its composition root. */
export type Handlers<Context = unknown> = {
  [N in OperationName]: (
    request: CheckedRequests[N],
    context: HandlerContext<N> & Context,
  ) => Answers[N] | Promise<Answers[N]>;
};

export function isOperationName(name: unknown): name is OperationName {
  return typeof name === 'string' && Object.hasOwn(OPERATIONS, name);
}
