/** The command line of the benchmark. */
import { Argument, Command, CommanderError } from 'commander';
import { FIGURES } from './figures.ts';
import type { Figure } from './figure.ts';

export interface Request {
  figures: readonly Figure[];
  /** Fewer and smaller runs. */
  quick: boolean;
  json: boolean;
}

const HELP = `
Figures:
${FIGURES.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join('\n')}

Exit codes: 0 done, 1 a figure failed, 2 bad use.
npm prints two lines of its own first: with --json use npm run --silent bench -- --json.`;

/**
 * @param args without the program
 * @returns null after --help, which is printed
 * @throws Error with a sentence for the user
 */
export function parseCommand(args: readonly string[]): Request | null {
  const names = new Argument('[figure...]', 'what to measure (default: everything)').choices(
    FIGURES.map(({ name }) => name),
  );
  const command = new Command('bench')
    .description('Measures Waku Desk, beside go-waku where there is Go.')
    .addArgument(names)
    .option('--quick', 'fewer and smaller runs of the same code', false)
    .option('--json', 'one JSON row per figure on standard output, and nothing else there', false)
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return null;
    throw error;
  }
  const { quick, json } = command.opts<{ quick: boolean; json: boolean }>();
  const wanted = new Set(command.args);
  const figures = FIGURES.filter(({ name }) => wanted.size === 0 || wanted.has(name));
  return { figures, quick, json };
}
