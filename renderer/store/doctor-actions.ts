/** The doctor: asked when the window opens, when the engine changes, and by hand. */
import type { Requests } from '../../core/operations/operations.ts';
import type { Desk } from './desk.ts';
import { errorData, isCancelled } from './error-data.ts';

const wantsAgain = new WeakSet<Desk>();

/** @param fresh by hand: not the last report of another window. What fails leaves the last report. */
export async function examine(desk: Desk, fresh: boolean): Promise<void> {
  if (desk.store.getState().doctor.busy) {
    // What is under way may have looked before the reason to look again was there.
    if (fresh) wantsAgain.add(desk);
    return;
  }
  desk.update('doctor', { busy: true, error: null });
  try {
    desk.update('doctor', { report: await desk.client.call('doctor.run', { fresh }) });
  } catch (error) {
    desk.update('doctor', { error: errorData(error, 'doctor.run') });
  } finally {
    desk.update('doctor', { busy: false });
  }
  if (wantsAgain.delete(desk)) await examine(desk, true);
}

/** The host asks for the file. */
export async function addLibrary(desk: Desk, engine: Requests['native.add']['engine']): Promise<void> {
  try {
    const answer = await desk.client.call('native.add', { engine });
    if (answer.kind === 'notChosen') return;
    desk.toast({ tone: 'good', text: `Put ${answer.version ?? 'the library'} where ${engine} finds it.` });
  } catch (error) {
    const { message, hint } = errorData(error, 'native.add');
    if (!isCancelled(error)) desk.toast({ tone: 'bad', text: `${message} ${hint}` });
  }
  await examine(desk, true);
}
