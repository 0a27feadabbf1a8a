/**
 * What the app itself prints, and its end: a node library in this process has taken descriptors 1 and 2 for its node.log.
 */
import { writeSync } from 'node:fs';
import { app } from 'electron';
import { giveOutputBack, movedOutput } from '../engines/process/create-engine.ts';

/** A line on standard error. Never throws. */
export function printLine(line: string): void {
  try {
    writeSync(movedOutput()?.stderr ?? 2, `${line}\n`);
  } catch {
    // Nobody reads it, or not fast enough: the log has it.
  }
}

/** Ends the app. What Electron says at its end is for whoever started it, such as a debugger, which it waits for. */
export function endApp(code: number): void {
  giveOutputBack();
  app.exit(code);
}
