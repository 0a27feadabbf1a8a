import { describe, expect, it } from 'vitest';
import { artifactBase } from './artifact-name.ts';
import { parseRequest, type PackageRequest } from './request.ts';

const LINUX = { platform: 'linux', arch: 'x64' };
const MAC = { platform: 'darwin', arch: 'arm64' };

function parse(args: string, host = LINUX): PackageRequest | null {
  return parseRequest(args.split(' '), host);
}

describe('what is asked of npm run package', () => {
  it('is for this machine unless something else is said', () => {
    expect(parse('--profile nwaku')).toMatchObject({
      profile: 'nwaku',
      artifacts: ['dir'],
      target: 'linux-x64',
    });
    expect(parse('--profile nwaku --target dmg zip', MAC)).toMatchObject({
      system: 'macos',
      artifacts: ['dmg', 'zip'],
      target: 'darwin-arm64',
    });
    expect(parse('--profile go-waku --target deb AppImage deb --arch arm64')).toMatchObject({
      artifacts: ['deb', 'AppImage'],
      target: 'linux-arm64',
    });
  });

  it('is refused with a code and a next step where it cannot be made', () => {
    for (const [args, code, message] of [
      ['--target dir', 'BAD_USE', '--profile'],
      ['--profile mobile', 'BAD_USE', 'Allowed choices are nwaku, go-waku'],
      ['--profile nwaku --platform windows', 'BAD_USE', 'linux, macos'],
      ['--profile nwaku --target exe', 'BAD_USE', 'AppImage'],
      ['--profile nwaku --target dmg', 'BAD_USE', 'A dmg is not for linux'],
      ['--profile nwaku --platform macos --target dmg', 'UNSUPPORTED', 'on macOS only'],
      ['--profile nwaku --platform macos --target AppImage', 'BAD_USE', 'An AppImage is not for macos'],
      ['--profile nwaku --library a --without-library', 'BAD_USE', 'exclude each other'],
    ] as const)
      expect(() => parse(args), args).toThrow(
        expect.objectContaining({
          code,
          message: expect.stringContaining(message) as string,
          hint: expect.stringMatching(/./) as string,
        }),
      );
  });
});

it('an artifact says in its name what it is and what keeps it from being a release', () => {
  const build = { version: '1.2.3', profile: 'nwaku', system: 'macos', arch: 'arm64' } as const;
  expect(artifactBase({ ...build, labels: [] })).toBe('waku-desk-1.2.3-nwaku-macos-arm64');
  expect(artifactBase({ ...build, labels: ['testelectron', 'unsigned'] })).toBe(
    'waku-desk-1.2.3-nwaku-macos-arm64-testelectron-unsigned',
  );
});
