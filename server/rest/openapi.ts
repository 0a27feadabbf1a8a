/** The OpenAPI document, made of the routes themselves. */
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { json } from './answer.ts';
import { route, type Answers, type Route } from './route.ts';

type Json = Record<string, unknown>;

/** The document's own route, for the routes beside it and itself. */
export function openApiRoute(routes: readonly Route[]): Route {
  const own: Route = route({
    method: 'GET',
    path: '/openapi.json',
    id: 'openApi',
    summary: 'This document.',
    answers: { 200: { description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) } },
    handle: () => json(document_),
  });
  const document_ = openApiDocument([...routes, own]);
  return own;
}

export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const one of routes)
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: operationOf(one) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Waku Desk node',
      version: manifest.version,
      description: "wakunode2's REST API. 64-bit numbers are JSON numbers; bytes are base64, padded or not.",
      license: { name: manifest.license, identifier: manifest.license },
    },
    paths,
  };
}

function operationOf({ id, summary, path, query = {}, body, answers }: Route): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: 'Percent-encoded.',
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  return {
    operationId: id,
    summary,
    tags: [path.split('/')[1] ?? ''],
    parameters: [...inPath, ...inQuery],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]),
    ),
  };
}

function answerOf({ description, schema }: Answers): Json {
  if (schema === undefined) return { description, content: { 'text/plain': { schema: { type: 'string' } } } };
  return { description, content: { 'application/json': { schema: schemaOf(schema, 'output') } } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  return z.toJSONSchema(schema, {
    io,
    // JSON Schema has no word for it; the wire has a number.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'bigint')
        Object.assign(jsonSchema, { type: 'integer', format: 'int64' });
    },
  });
}
