/** The doctor: asked when the window opens, when the engine changes, and by hand. */
import type { Desk } from './desk.ts';
import { errorData } from './error-data.ts';

/** @param fresh by hand: not the last report of another window. What fails leaves the last report. */
export async function examine(desk: Desk, fresh: boolean): Promise<void> {
  if (desk.store.getState().doctor.busy) return;
  desk.update('doctor', { busy: true, error: null });
  try {
    desk.update('doctor', { report: await desk.client.call('doctor.run', { fresh }) });
  } catch (error) {
    desk.update('doctor', { error: errorData(error, 'doctor.run') });
  } finally {
    desk.update('doctor', { busy: false });
  }
}
