import { describe, expect, it } from 'vitest';
import { canSign, signingOf } from './signing.ts';

const CERTIFICATE = { CSC_LINK: 'certificate.p12', CSC_KEY_PASSWORD: 'secret' };
const ACCOUNT = { APPLE_ID: 'me', APPLE_APP_SPECIFIC_PASSWORD: 'secret', APPLE_TEAM_ID: 'team' };

describe('signing', () => {
  it('needs a certificate and a Mac', () => {
    expect(canSign(CERTIFICATE, 'darwin')).toBe(true);
    expect(canSign(CERTIFICATE, 'linux')).toBe(false);
    expect(canSign({ CSC_LINK: '' }, 'darwin')).toBe(false);
  });

  it('gives what is unsigned the signature without a name that Apple Silicon asks for, where it can', () => {
    expect(signingOf({}, 'darwin')).toMatchObject({ identity: '-', notarize: false });
    expect(signingOf({}, 'linux')).toMatchObject({ identity: null, notarize: false });
  });

  it('notarises what it signs when an account is named in full', () => {
    expect(signingOf({ ...CERTIFICATE, ...ACCOUNT }, 'darwin')).toEqual({
      hardenedRuntime: true,
      notarize: true,
    });
    expect(signingOf({ ...CERTIFICATE, APPLE_ID: 'me' }, 'darwin')).toMatchObject({ notarize: false });
    expect(signingOf({ ...CERTIFICATE, APPLE_KEYCHAIN_PROFILE: 'x' }, 'darwin')).toMatchObject({
      notarize: true,
    });
  });
});
