/** Signing and notarising on macOS, from electron-builder's own variables of the environment. */
import type { Configuration } from 'electron-builder';

type Environment = Readonly<Record<string, string | undefined>>;

/** A certificate is named, and this is a Mac. */
export function canSign(
  environment: Environment = process.env,
  platform: string = process.platform,
): boolean {
  const { CSC_LINK = '', CSC_NAME = '' } = environment;
  return platform === 'darwin' && (CSC_LINK !== '' || CSC_NAME !== '');
}

/** What the three ways to name an account to Apple's notary need. */
const ACCOUNTS = [
  ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'],
  ['APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'],
  ['APPLE_KEYCHAIN_PROFILE'],
];

export function signingOf(
  environment: Environment = process.env,
  platform: string = process.platform,
): NonNullable<Configuration['mac']> {
  if (!canSign(environment, platform))
    // Apple Silicon runs nothing without a signature; one without an identity needs a Mac too.
    return { identity: platform === 'darwin' ? '-' : null, notarize: false };
  const notarize = ACCOUNTS.some((names) => names.every((name) => (environment[name] ?? '') !== ''));
  return { hardenedRuntime: true, notarize };
}
