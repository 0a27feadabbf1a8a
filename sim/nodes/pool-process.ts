/** A process with several embedded nodes in it: each has a channel of its own, whose first value is its order. */
import * as z from 'zod';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { nodeConfigSchema } from '../../core/engine/config.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { asWakuDeskError } from '../../core/engine/errors.ts';
import type { Port } from '../../engines/host/port.ts';
import { refuseEngine, serveEngine } from '../../engines/host/serve.ts';
import { createEngine } from '../../engines/process/create-engine.ts';
import { guardAgainstOrphanage } from '../../engines/process/guard.ts';
import { portToParent } from '../../engines/process/process-port.ts';
import { resourceMeter } from '../../engines/process/resource-meter.ts';
import { Mux } from './mux.ts';

const poolOrderSchema = z.strictObject({
  kind: z.enum(ENGINE_KINDS),
  config: nodeConfigSchema,
  harnessPid: z.int(),
  relayLog: z.string(),
});
export type PoolOrder = z.output<typeof poolOrderSchema>;

/** Nodes that do not stop within this time after their harness has gone are ended. */
const STOP_MS = 2_000;

// The harness ends this process in its own order.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
process.on('SIGTERM', () => undefined);
process.once('disconnect', () => {
  setTimeout(() => process.exit(0), STOP_MS).unref();
});

let isGuarded = false;

new Mux(portToParent(), (channel) => {
  const stopListening = channel.onMessage((value) => {
    stopListening();
    void serve(value, channel);
  });
});

/** Never rejects: the harness hears why there is no engine. */
async function serve(value: unknown, channel: Port): Promise<void> {
  let engine: Engine;
  try {
    const { kind, config, harnessPid, relayLog } = poolOrderSchema.parse(value);
    if (!isGuarded) guardAgainstOrphanage(harnessPid);
    isGuarded = true;
    engine = await createEngine(kind, config, { relayLog });
  } catch (error) {
    const known = asWakuDeskError(error, {
      code: 'ENGINE_FAILED',
      operation: 'engine.load',
      hint: 'Look at the log.',
    });
    await refuseEngine(known.toData(), channel);
    return;
  }
  await serveEngine(engine, channel, { measure: resourceMeter() }).closed.catch(() => undefined);
}
