/** What a route is: one object that answers, and that the OpenAPI document is derived from. */
import type * as z from 'zod';
import type { Answer } from './answer.ts';
import type { Body } from './body.ts';

export interface RestRequest<Name extends string = string> {
  /** Of the path, decoded. */
  params: Readonly<Record<Name, string>>;
  query: URLSearchParams;
  body: Body;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** An answer that a route may give. */
export interface Answers {
  description: string;
  /** Of JSON; without it the answer is text. */
  schema?: z.ZodType;
}

export interface Route {
  method: Method;
  /** As OpenAPI writes it: `/relay/v1/messages/{pubsubTopic}`. */
  path: string;
  /** Unique, as OpenAPI's operationId. */
  id: string;
  summary: string;
  /** Query parameters, with what they mean. */
  query?: Readonly<Record<string, string>>;
  body?: z.ZodType;
  answers: Readonly<Record<number, Answers>>;
  handle: (request: RestRequest) => Answer | Promise<Answer>;
}

type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamsOf<Rest>
  : never;

/** A route whose handler knows the parameters of its path. */
export function route<Path extends string>(
  definition: Omit<Route, 'path' | 'handle'> & {
    path: Path;
    handle: (request: RestRequest<ParamsOf<Path>>) => Answer | Promise<Answer>;
  },
): Route {
  return definition;
}
