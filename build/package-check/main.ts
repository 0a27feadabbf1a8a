/** `npm run package:check -- FILE`: opens a package, holds it against what it should be, starts it, and uses it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf } from '../../cli/exit-codes.ts';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { checkPackage } from './check.ts';
import { formatRows } from './row.ts';

const CHECK_FAILED = 1;

async function run(args: readonly string[]): Promise<number> {
  const command = new Command('package:check')
    .description('Checks a package: what is in it, and that it runs.')
    .argument('<file>', 'AppImage, deb, tar.gz, zip or folder, as npm run package makes them')
    .option('--install', 'a deb is installed into this system, and removed again (needs root)', false)
    .option('--no-run', 'only looks at what is in it')
    .addHelpText('after', '\nExit codes: 0 everything is as it should be, 1 something is not, 2 bad use.')
    .exitOverride();
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badUse;
    throw error;
  }
  const { install, run: runs } = command.opts<{ install: boolean; run: boolean }>();
  const work = await mkdtemp(join(tmpdir(), 'waku-desk-check-'));
  try {
    const rows = await checkPackage(command.args[0] ?? '', { install, runs, work });
    process.stdout.write(`${formatRows(rows)}\n`);
    const bad = rows.filter(({ result }) => result === 'failed').length;
    process.stdout.write(
      bad === 0 ? '\nThe package is as it should be.\n' : `\n${bad} of ${rows.length} failed.\n`,
    );
    return bad === 0 ? EXIT.done : CHECK_FAILED;
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

// Whoever interrupts it leaves nothing running: what is killed at the exit is killed then too.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    process.exit(CHECK_FAILED);
  });

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const known = error instanceof WakuDeskError ? error : null;
  process.stderr.write(
    `package:check: ${known?.message ?? describeCause(error)}\n${known === null ? '' : `${known.hint}\n`}`,
  );
  process.exitCode = known === null ? EXIT.engineFailed : exitCodeOf(known.code);
}
