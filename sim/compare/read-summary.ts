/** The summary of a run that was made before. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { summarySchema, type Summary } from '../results/summary.ts';

/** @param folder of results @throws WakuDeskError FILE_FAILED */
export async function readSummary(folder: string): Promise<Summary> {
  const path = join(folder, 'summary.json');
  try {
    return summarySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new WakuDeskError('FILE_FAILED', `${path} is no summary of a run that this version can read.`, {
      operation: 'sim.compare',
      hint: `Name the folder that sim run wrote (${error instanceof z.ZodError ? firstIssue(error) : describeCause(error)}).`,
      cause: error,
    });
  }
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}
