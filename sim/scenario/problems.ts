/** Everything that is wrong with a scenario, each with its place in the file. */
import { WakuDeskError } from '../../core/engine/errors.ts';

export interface Problem {
  /** Keys and indexes from the top. */
  path: readonly (string | number)[];
  /** Where no path leads to it. */
  place?: Place;
  message: string;
}

/** 1 for the first. */
export interface Place {
  line: number;
  column: number;
}

const MOST_SHOWN = 10;

/** @param placeOf where a path stands in the file */
export function scenarioInvalid(
  source: string,
  problems: readonly Problem[],
  placeOf: (path: Problem['path']) => Place | null,
): WakuDeskError {
  const lines = problems.slice(0, MOST_SHOWN).map(({ path, place = placeOf(path), message }) => {
    const at = place === null ? source : `${source}:${place.line}:${place.column}`;
    return `${at}: ${path.length === 0 ? '' : `${describePath(path)}: `}${message}`;
  });
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  return new WakuDeskError('SCENARIO_INVALID', `The scenario cannot be run:\n${lines.join('\n')}`, {
    operation: 'scenario.read',
    hint: `Correct ${problems.length === 1 ? 'that' : 'those'} and try again; sim/README.md and 'sim list' show what a scenario has.`,
  });
}

/** `faults[2].nodes` */
function describePath(path: Problem['path']): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}
