/** What an operation is. */
import type * as z from 'zod';

export interface Operation {
  /** What the caller sends: one object, unknown keys refused. */
  readonly request: z.ZodType;
  readonly answer: z.ZodType;
  /** What the host tells while it works; null: nothing. */
  readonly progress: z.ZodType | null;
  /** How long a client waits for the answer when the caller does not say; null: until it is cancelled. */
  readonly timeoutMs: number | null;
}

const TIMEOUT_MS = 30_000;

/** An operation without progress and with the usual time limit, unless it says otherwise. */
export function operation<
  Request extends z.ZodType,
  Answer extends z.ZodType,
  Progress extends z.ZodType | null = null,
>(parts: {
  request: Request;
  answer: Answer;
  progress?: Progress;
  timeoutMs?: number | null;
}): { request: Request; answer: Answer; progress: Progress; timeoutMs: number | null } {
  const { request, answer, timeoutMs = TIMEOUT_MS } = parts;
  // Without a progress schema, Progress is null by its default.
  return { request, answer, progress: (parts.progress ?? null) as Progress, timeoutMs };
}
