/**
 * A fixture, for tests: an Electron app without a window that makes engines, in its main process or in utility processes,
 * and serves each to the test over the IPC channel that it was started with.
 */
import { app } from 'electron';
import * as z from 'zod';
import { ENGINE_KINDS } from '../../core/engine/capabilities.ts';
import { nodeConfigSchema } from '../../core/engine/config.ts';
import { asWakuDeskError } from '../../core/engine/errors.ts';
import { ENGINE_HOSTS } from '../../core/engine/profiles.ts';
import type { Port } from '../../engines/host/port.ts';
import { refuseEngine, serveEngine } from '../../engines/host/serve.ts';
import { portToParent } from '../../engines/process/process-port.ts';
import { enginePlaceSchema } from '../../engines/process/create-engine.ts';
import { Mux } from '../../sim/nodes/mux.ts';
import { textPort } from './fixture-text-port.ts';
import { createDesktopEngine } from '../engines.ts';

const orderSchema = z.object({
  host: z.enum(ENGINE_HOSTS),
  kind: z.enum(ENGINE_KINDS),
  config: nodeConfigSchema,
  place: enginePlaceSchema,
});
export type FixtureOrder = z.input<typeof orderSchema>;

app.on('window-all-closed', () => undefined);
const harness = textPort(portToParent());
harness.onClose(() => {
  app.exit();
});
void app.whenReady().then(() => {
  new Mux(harness, (port) => {
    const stopListening = port.onMessage((order) => {
      stopListening();
      void open(order, port);
    });
  });
});

async function open(value: unknown, port: Port): Promise<void> {
  try {
    const { host, kind, config, place } = orderSchema.parse(value);
    const engine = await createDesktopEngine(kind, config, place, host);
    await serveEngine(engine, port).closed;
    await engine.close?.();
  } catch (error) {
    const known = asWakuDeskError(error, { code: 'ENGINE_FAILED', operation: 'fixture', hint: 'Look.' });
    await refuseEngine(known.toData(), port);
  }
}
