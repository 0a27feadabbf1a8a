/** Whether the engine go-waku can run here. */
import type { TestContext } from 'vitest';
import { locateNodeLibrary } from '../native/library/node-library.ts';

/** Skips the test, and says why, where its library is not built. */
export async function needsLibgowaku(context: TestContext): Promise<void> {
  const located = await locateNodeLibrary('libgowaku');
  if (!located.found) context.skip('libgowaku is not built here: it needs Go (npm run native:go-waku)');
}

/** The flags of the engine; its library prints to a file that goes with the test. */
export const GO_WAKU = '--engine=go-waku';
