/** A scenario out of YAML: checked, and refused with lines and nearest keys. */
import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';
import { scenarioInvalid, type Place, type Problem } from './problems.ts';
import { scenarioSchema, type Scenario } from './schema.ts';

export const MAX_SCENARIO_BYTES = 4 * 1024 * 1024;
/** Aliases that repeat each other grow without end. */
const MAX_ALIASES = 100;

export interface ReadScenario {
  scenario: Scenario;
  /** As it was written. */
  written: Readonly<Record<string, unknown>>;
  source: string;
  /** Refuses the scenario for something that no schema can see. */
  refuse: (problems: readonly Problem[]) => Error;
}

/**
 * @param source the file's name, for messages
 * @throws WakuDeskError SCENARIO_INVALID with every problem and its line
 */
export function readScenario(text: string, source: string): ReadScenario {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0)
    throw scenarioInvalid(
      source,
      document.errors.map(({ message, pos }) => ({
        path: [],
        place: placeAt(pos[0]),
        message: message.startsWith('Maximum call stack') ? 'is nested too deeply' : message,
      })),
      () => null,
    );
  const placeOf = (path: Problem['path']): Place | null => {
    const offset = offsetOf(document, path);
    return offset === null ? null : placeAt(offset);
  };
  const refuse: ReadScenario['refuse'] = (problems) => scenarioInvalid(source, problems, placeOf);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw refuse([{ path: [], message: error instanceof Error ? error.message : String(error) }]);
  }
  const result = scenarioSchema.safeParse(value);
  if (!result.success) throw refuse(result.error.issues.flatMap((issue) => problemsOf(issue, document)));
  return { scenario: result.data, written: value as Record<string, unknown>, source, refuse };
}

function problemsOf(issue: z.core.$ZodIssue, document: Document): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, i) => ({ path: [...path, key], message: messages[i] ?? issue.message }));
  }
  const isMissing = path.length > 0 && !document.hasIn(path) && issue.code !== 'custom';
  return [{ path, message: isMissing ? 'is missing' : issue.message }];
}

/** Of the key where there is one, else of the value, else of what it would be in. */
function offsetOf(document: Document, path: Problem['path']): number | null {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? null : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if ((isScalar(node) || isCollection(node)) && node.range) return node.range[0];
  }
  return null;
}
