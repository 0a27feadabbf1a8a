/** The command line of `npm run package`, and which artifacts can be made of what. */
import { Command, CommanderError, Option } from 'commander';
import { WakuDeskError } from '../../core/engine/errors.ts';

export const PACKAGED_PROFILES = ['nwaku', 'go-waku'] as const;
export type PackagedProfile = (typeof PACKAGED_PROFILES)[number];

export const ARTIFACTS = ['dir', 'AppImage', 'deb', 'tar.gz', 'zip', 'dmg'] as const;
export type Artifact = (typeof ARTIFACTS)[number];

const ARTIFACTS_OF = {
  linux: ['dir', 'AppImage', 'deb', 'tar.gz', 'zip'],
  macos: ['dir', 'zip', 'dmg'],
} as const satisfies Record<string, readonly Artifact[]>;
export type PackagedSystem = keyof typeof ARTIFACTS_OF;

/** As `process` names them. */
export const PLATFORM_OF = { linux: 'linux', macos: 'darwin' } as const;

export const ARCHITECTURES = ['x64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** As folders of built libraries are called. */
export type Target = `${(typeof PLATFORM_OF)[PackagedSystem]}-${Architecture}`;

export interface PackageRequest {
  profile: PackagedProfile;
  artifacts: Artifact[];
  system: PackagedSystem;
  arch: Architecture;
  target: Target;
  /** The node library that the user named. */
  library?: string;
  /** The application looks for its library when it runs. */
  withoutLibrary: boolean;
  /** Libraries may need a newer glibc than packages are for. */
  anyGlibc: boolean;
  /** Open to tests that drive it: never a release. */
  testHooks: boolean;
  /** Refuses whatever is only for tests. */
  release: boolean;
  /** Where artifacts go. */
  out: string;
}

/** The machine that packages. */
export interface Host {
  platform: string;
  arch: string;
}

/**
 * @param args without the program
 * @returns null after --help, which is printed
 * @throws WakuDeskError BAD_USE, UNSUPPORTED
 */
export function parseRequest(args: readonly string[], host: Host = process): PackageRequest | null {
  const command = new Command('package')
    .description('Makes packages of the desktop application.')
    .addOption(new Option('--profile <name>', 'which build').choices(PACKAGED_PROFILES).makeOptionMandatory())
    .addOption(new Option('--target <kind...>', 'which artifacts').choices(ARTIFACTS).default(['dir']))
    .addOption(new Option('--platform <name>', 'for which system').choices(['linux', 'macos']))
    .addOption(new Option('--arch <name>', 'for which processor').choices(ARCHITECTURES))
    .option('--library <file>', "the profile's node library, instead of the one that is staged or built")
    .option('--without-library', 'a build that looks for its library when it runs', false)
    .option('--any-glibc', 'libraries that need the glibc of this machine; it is in the name', false)
    .option('--test-hooks', 'open to tests that drive it; it is in the name', false)
    .option('--release', 'refuses whatever is only for tests', false)
    .option('--out <folder>', 'where the artifacts go', 'packages')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw badUse(error.message.replace(/^error: /, ''));
  }
  return checked(command.opts(), host);
}

type Options = Omit<PackageRequest, 'artifacts' | 'system' | 'arch' | 'target'> & {
  target: Artifact[];
  platform?: PackagedSystem;
  arch?: Architecture;
};

function checked({ target: artifacts, platform, arch: asked, ...rest }: Options, host: Host): PackageRequest {
  const system = platform ?? (host.platform === 'darwin' ? 'macos' : 'linux');
  const arch = asked ?? (host.arch === 'arm64' ? 'arm64' : 'x64');
  for (const artifact of artifacts)
    if (!(ARTIFACTS_OF[system] as readonly Artifact[]).includes(artifact))
      throw badUse(
        `${artifact === 'AppImage' ? 'An' : 'A'} ${artifact} is not for ${system}; there are ${ARTIFACTS_OF[system].join(', ')}.`,
      );
  if (artifacts.includes('dmg') && host.platform !== 'darwin')
    throw new WakuDeskError('UNSUPPORTED', 'A dmg can be made on macOS only.', {
      operation: 'package.plan',
      hint: 'Use --target zip here, or run this on a Mac.',
    });
  if (rest.library !== undefined && rest.withoutLibrary)
    throw badUse('--library and --without-library exclude each other.');
  return {
    ...rest,
    artifacts: [...new Set(artifacts)],
    system,
    arch,
    target: `${PLATFORM_OF[system]}-${arch}`,
  };
}

function badUse(message: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', message, {
    operation: 'package.plan',
    hint: "See 'npm run package -- --help'.",
  });
}
