/** How an engine in a process fails beside what the engine itself says. */
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';

export function notRunning(verb: string, message: string): WakuDeskError {
  return new WakuDeskError('NOT_RUNNING', message, { operation: `engine.${verb}`, hint: 'Start it.' });
}

/** Of a process that ended by itself. */
export function deathOf(reason: string): ErrorData {
  return new WakuDeskError('ENGINE_FAILED', reason, {
    operation: 'engine.run',
    hint: 'It is started again by itself; the log has its last lines.',
  }).toData();
}
