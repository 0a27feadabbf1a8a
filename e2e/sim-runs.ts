/** Runs of simulations: scenarios in files, and what stands in their folders of results. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { summarySchema, type Summary } from '../sim/results/summary.ts';
import { runCli } from './cli-process.ts';
import { temporaryFolder } from './nodes.ts';
import { buildToxiproxy } from './toxiproxy/build.mjs';

export const RUN_MS = 100_000;

export const TWO = `name: two
nodes: [{ count: 2 }]
topology: { kind: chain }
traffic: [{ from: all, messages: 10, rate: 20/s }]
`;
export const HOLDS = 'pass: [{ measure: delivery, atLeast: 100% }, { measure: failures, atMost: 0 }]\n';

export interface Folders {
  file: string;
  out: string;
}

export async function scenario(text: string): Promise<Folders> {
  const folder = await temporaryFolder();
  const file = join(folder, 'scenario.yaml');
  await writeFile(file, text);
  return { file, out: join(folder, 'out') };
}

export const run = ({ file, out }: Folders, flags: readonly string[] = []) =>
  runCli(['sim', 'run', file, `--out=${out}`, '--json', ...flags], { timeoutMs: RUN_MS });

export async function summaryOf(out: string): Promise<Summary> {
  return summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
}

export async function linesOf(out: string, name: string): Promise<string[]> {
  return (await readFile(join(out, name), 'utf8')).trimEnd().split('\n');
}

/** The program of proxies; the test is skipped, and says why, where it cannot be built. */
export async function needsToxiproxy(context: TestContext): Promise<string> {
  const built = await buildToxiproxy();
  if ('skipped' in built) context.skip(built.skipped);
  return `--toxiproxy=${built.path}`;
}
