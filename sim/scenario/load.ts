/** Scenarios by file, or by the name of one that comes with the program. */
import { readFileSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asWakuDeskError, WakuDeskError } from '../../core/engine/errors.ts';
import { meant } from './keyed.ts';
import { planRun, type PlanOptions, type RunPlan } from './plan.ts';
import { MAX_SCENARIO_BYTES, readScenario, type ReadScenario } from './read.ts';

/** Beside this file when run from source, beside the bundle when bundled. */
const READY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../scenarios' : './scenarios', import.meta.url),
);

export interface LoadedScenario {
  read: ReadScenario;
  plan: RunPlan;
}

/**
 * @param given a path ending in .yaml or .yml, or a name of {@link readyScenarios}
 * @throws WakuDeskError FILE_FAILED, SCENARIO_INVALID, BAD_USE
 */
export async function loadScenario(
  given: string,
  options: Omit<PlanOptions, 'readFile'> = {},
): Promise<LoadedScenario> {
  const path = /\.ya?ml$/i.test(given) ? resolve(given) : await readyPath(given);
  const text = await readText(path);
  const read = readScenario(text, given);
  const readFileOf = (name: string): string => readTopology(resolve(dirname(path), name));
  return { read, plan: planRun(read, { ...options, readFile: readFileOf }) };
}

/** Names of those that come with the program, and what each is for. */
export async function readyScenarios(): Promise<{ name: string; about: string; plan: RunPlan }[]> {
  return Promise.all(
    (await readyNames()).map(async (name) => {
      const { plan } = await loadScenario(name);
      return { name, about: plan.scenario.about, plan };
    }),
  );
}

async function readyNames(): Promise<string[]> {
  return (await readdir(READY))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

async function readyPath(name: string): Promise<string> {
  const names = await readyNames();
  if (names.includes(name)) return join(READY, `${name}.yaml`);
  throw new WakuDeskError('BAD_USE', `There is no scenario ${JSON.stringify(name)}${meant(name, names)}.`, {
    operation: 'scenario.load',
    hint: "Name a file that ends in .yaml, or one of 'waku-desk sim list'.",
  });
}

async function readText(path: string): Promise<string> {
  try {
    checkFile(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw asWakuDeskError(error, {
      code: 'FILE_FAILED',
      operation: 'scenario.load',
      message: `Cannot read ${path}.`,
      hint: 'Check the path.',
    });
  }
}

function readTopology(path: string): string {
  checkFile(path);
  return readFileSync(path, 'utf8');
}

function checkFile(path: string): void {
  const stats = statSync(path);
  // A device may never end, and a pipe may never begin.
  if (!stats.isFile())
    throw new WakuDeskError('FILE_FAILED', `${path} is not a file.`, {
      operation: 'scenario.load',
      hint: 'Check the path.',
    });
  if (stats.size > MAX_SCENARIO_BYTES)
    throw new WakuDeskError('FILE_FAILED', `${path} has more than ${MAX_SCENARIO_BYTES} bytes.`, {
      operation: 'scenario.load',
      hint: 'A scenario is a small file: check the path.',
    });
}
