/** A second start of the app over the same folder: the window that is there comes to the front, with what was asked for. */
import { app, type BrowserWindow } from 'electron';
import * as z from 'zod';
import { describeCause } from '../../core/engine/errors.ts';
import type { PageConnections } from '../ipc/page-connections.ts';
import type { Harness } from '../../server/harness/harness.ts';

/** What a second start hands to the first one. It comes from another process, so it is checked again. */
const orderSchema = z.object({ connect: z.array(z.string().min(1).max(1_024)).max(64) });
export type SecondStartOrder = z.output<typeof orderSchema>;

/** @returns whether this is the first */
export function isFirstStart(order: SecondStartOrder): boolean {
  return app.requestSingleInstanceLock({ ...order });
}

export interface Running {
  window: BrowserWindow;
  harness: Harness;
  connections: PageConnections;
}

/** Orders that come while the app still starts wait for it. */
export function answerSecondStarts(running: Promise<Running>): void {
  app.on('second-instance', (_event, _argv, _folder, order) => {
    void running.then(
      (app) => follow(order, app),
      () => undefined,
    );
  });
}

async function follow(value: unknown, { window, harness, connections }: Running): Promise<void> {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  const { success, data: order } = orderSchema.safeParse(value);
  for (const address of success ? order.connect : [])
    try {
      await harness.node.connect(address);
      connections.notify('good', `Connected to ${address}.`);
    } catch (error) {
      connections.notify('bad', `Could not connect to ${address}: ${describeCause(error)}`);
    }
}
