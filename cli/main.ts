#!/usr/bin/env node
/** The program: runs one command, prints its failure, and answers with its exit code. */
import { CommanderError } from 'commander';
import { asWakuDeskError } from '../core/engine/errors.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import { Output } from './output.ts';
import { badUse, createProgram } from './program.ts';

/** Known before the flags are read, because their errors are printed that way too. */
const json = process.argv.includes('--json');
const output = new Output(json);
const signal = interruptSignal((text) => {
  output.note(text);
});

const program = createProgram({ output, signal });

function report(error: unknown): number {
  const known =
    error instanceof CommanderError
      ? badUse(error)
      : asWakuDeskError(error, {
          code: 'ENGINE_FAILED',
          operation: 'cli.run',
          hint: 'This is a defect of Waku Desk: please report it with the command that you ran.',
        });
  if (known === null) return EXIT.done;
  output.error(known);
  return exitCodeOf(known.code);
}

// What a library throws outside of any call is reported like any other failure, and never as a stack trace.
process.on('uncaughtException', (error) => {
  process.exit(report(error));
});
output.onClosed(() => {
  process.kill(process.pid, 'SIGTERM');
});

try {
  await program.parseAsync();
  process.exitCode = EXIT.done;
} catch (error) {
  // Who names no command is shown them all.
  if (error instanceof CommanderError && error.code === 'commander.help')
    output.help(program.helpInformation());
  process.exitCode = report(error);
}
// A library's timer must not keep a finished command alive; what was printed is flushed first.
output.onFlushed(() => process.exit());
