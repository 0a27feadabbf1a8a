/**
 * The process of one node: gets its engine's kind and configuration in the first message, and serves it to the
 * harness until that closes the channel or dies. It never outlives its harness. A child process of Node, or a utility
 * process of Electron.
 */
import * as z from 'zod';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { nodeConfigSchema } from '../../core/engine/config.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { asWakuDeskError } from '../../core/engine/errors.ts';
import type { Port } from '../host/port.ts';
import { refuseEngine, serveEngine } from '../host/serve.ts';
import { createEngine, enginePlaceSchema } from './create-engine.ts';
import { guardAgainstOrphanage } from './guard.ts';
import { portToHarness } from './process-port.ts';
import { resourceMeter } from './resource-meter.ts';

const orderSchema = z.object({
  kind: z.enum(ENGINE_KINDS),
  config: nodeConfigSchema,
  place: enginePlaceSchema,
  harnessPid: z.int(),
});
export type NodeOrder = z.output<typeof orderSchema>;

/** A node that does not stop within this time after its harness has gone is ended. */
const STOP_MS = 2_000;
/** What a harness has to end this process in its own order. */
const TERM_MS = 3_000;

// A Ctrl-C in a terminal reaches both processes; the harness ends this one in its own order.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
void portToHarness().then((port) => {
  // A service manager sends this to both as well: only a process whose harness has not heard of it ends by itself.
  process.once('SIGTERM', () => {
    setTimeout(() => {
      port.close();
    }, TERM_MS).unref();
  });
  port.onClose(() => {
    setTimeout(() => process.exit(1), STOP_MS).unref();
  });
  const stopListening = port.onMessage((value) => {
    stopListening();
    void serve(value, port);
  });
});

/** Never rejects: the harness hears why there is no engine. */
async function serve(value: unknown, port: Port): Promise<void> {
  const measure = resourceMeter();
  let engine: Engine;
  try {
    const { kind, config, place, harnessPid } = orderSchema.parse(value);
    guardAgainstOrphanage(harnessPid);
    engine = await createEngine(kind, config, place);
  } catch (error) {
    const known = asWakuDeskError(error, {
      code: 'ENGINE_FAILED',
      operation: 'engine.load',
      hint: 'Look at the log.',
    });
    await refuseEngine(known.toData(), port);
    process.exit(1);
  }
  try {
    await serveEngine(engine, port, { measure }).closed;
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`, () => process.exit(1));
  }
}
