/** A fixture, for tests: a guarded process that hangs in a loop and hears nothing any more. */
import { guardAgainstOrphanage } from './guard.ts';

guardAgainstOrphanage(Number(process.argv[2]));
setTimeout(() => {
  process.send?.('hung', () => {
    for (;;);
  });
}, 1_000);
