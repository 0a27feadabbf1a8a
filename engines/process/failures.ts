/** How an engine in a process fails beside what the engine itself says. */
import type { ProcessEnd } from '../../core/engine/crash-report.ts';
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';

export function notRunning(verb: string, message: string): WakuDeskError {
  return new WakuDeskError('NOT_RUNNING', message, { operation: `engine.${verb}`, hint: 'Start it.' });
}

/** Of a process that ended by itself. */
export function deathOf(end: ProcessEnd, lastLine: string | undefined): ErrorData {
  const lastWords = lastLine === undefined ? '' : ` Its last words: ${lastLine}`;
  const message = `The node's process was ended ${endWords(end)}.${lastWords}`;
  return new WakuDeskError('ENGINE_FAILED', message, {
    operation: 'engine.run',
    hint: 'The crash report tells what it did last. A node that ran is started again by itself.',
  }).toData();
}

function endWords(end: ProcessEnd): string {
  switch (end.kind) {
    case 'signal':
      return `by ${end.signal}`;
    case 'exit':
      return `with exit code ${end.exitCode}`;
    case 'silent':
      return `because it had not answered for ${end.silentMs / 1_000} s`;
    case 'notStarted':
      return `before it began: ${end.why}`;
    case 'engine':
      return 'by its engine';
    case 'program':
      return 'with its program';
  }
}
