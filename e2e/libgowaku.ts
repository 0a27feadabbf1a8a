/** Whether the engine go-waku can run here. */
import type { TestContext } from 'vitest';
import { locateNodeLibrary } from '../native/library/node-library.ts';

const NOT_BUILT = 'libgowaku is not built here: it needs Go (npm run native:go-waku)';

/** Skips the test, and says why, where its library is not built. */
export async function needsLibgowaku(context: TestContext): Promise<void> {
  const located = await locateNodeLibrary('libgowaku');
  if (!located.found) context.skip(NOT_BUILT);
}

/** The flags of the engine; its library prints to a file that goes with the test. */
export const GO_WAKU = '--engine=go-waku';

/** nwaku's adapter over libgowaku in libwaku's place: the same ABI, real traffic. */
export async function nwakuInPlace(context: TestContext): Promise<string[]> {
  const located = await locateNodeLibrary('libgowaku');
  if (!located.found) return context.skip(NOT_BUILT);
  return ['--engine=nwaku', `--library=${located.path}`];
}

/** nwaku itself, where the machine has its library. */
export function nwaku(context: TestContext): string[] {
  const library = process.env.WAKU_DESK_LIBWAKU;
  if (library === undefined || library === '')
    return context.skip('no libwaku: name one with WAKU_DESK_LIBWAKU to run this on nwaku');
  return ['--engine=nwaku', `--library=${library}`];
}
