/** The flags of the desktop app: those of every node, and its own. */
import { Command, CommanderError, Option } from 'commander';
import {
  ENGINE_HOSTS,
  PROFILE_NAMES,
  type EngineHost,
  type ProfileName,
} from '../../core/engine/profiles.ts';
import { badUse } from '../../flags/bad-use.ts';
import { addNodeOptions, unhonouredFlags, type NodeOptions } from '../../flags/node-flags.ts';
import { exposedSecrets } from '../../flags/rln-flags.ts';
import { text } from '../../flags/values.ts';

export interface DesktopOptions extends NodeOptions {
  /** Where the engine runs: in the main process, or in one of its own. */
  engineHost?: EngineHost;
  profile?: ProfileName;
  userDataDir?: string;
  demo: boolean;
}

export interface DesktopFlags {
  options: DesktopOptions;
  /** The names of options that stand on the command line, as `options` has them. */
  given: ReadonlySet<string>;
  /** What to say about them. */
  warnings: string[];
}

/**
 * @param write gets the text of `--help` and `--version`
 * @returns null where only that was asked for
 * @throws WakuDeskError BAD_USE
 */
export function readDesktopFlags(
  flags: readonly string[],
  version: string,
  write: (text: string) => void,
): DesktopFlags | null {
  const command = desktopCommand(version).configureOutput({ writeOut: write, writeErr: () => undefined });
  try {
    command.parse([...flags], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const refusal = badUse(error, {
      operation: 'desktop.flags',
      hint: 'Start it with --help in a terminal to see its flags.',
    });
    if (refusal === null) return null;
    throw refusal;
  }
  const names = Object.keys(command.opts());
  return {
    options: command.opts(),
    given: new Set(names.filter((name) => command.getOptionValueSource(name) === 'cli')),
    warnings: [
      ...exposedSecrets(command),
      ...unhonouredFlags(command).map((flag) => `warning: no engine here honours ${flag}`),
    ],
  };
}

function desktopCommand(version: string): Command {
  const command = new Command('waku-desk').version(version).allowExcessArguments(false).exitOverride();
  return addNodeOptions(command)
    .addOption(
      new Option(
        '--engine-host <where>',
        'where the engine runs: in the main process, or in one of its own',
      ).choices(ENGINE_HOSTS),
    )
    .addOption(
      new Option('--profile <name>', 'the build to be; not in a packaged app').choices(PROFILE_NAMES),
    )
    .option('--user-data-dir <folder>', 'where everything is kept: settings, key, capture, reports', text)
    .option('--demo', 'start three more nodes that chat', false);
}
