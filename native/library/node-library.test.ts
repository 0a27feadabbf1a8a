import { bridgePath } from '../build.mjs';
import { expect, it, vi } from 'vitest';
import { locateNodeLibrary, requireNodeLibrary } from './node-library.ts';
import { bridgeFile, builtFolder } from './own-folders.ts';

it('finds the bridge where the build puts it', () => {
  expect(bridgeFile()).toBe(bridgePath());
});

it('takes the file that the user named, and nothing else', async () => {
  const named = import.meta.filename;
  expect(await locateNodeLibrary('libwaku', named)).toMatchObject({
    found: true,
    path: named,
    source: 'flag',
  });
  await expect(locateNodeLibrary('libgowaku', `${named}.missing`)).rejects.toMatchObject({
    code: 'FILE_FAILED',
  });
});

it('looks into the build output for libgowaku alone', async () => {
  vi.stubEnv('XDG_DATA_HOME', '/nowhere');
  const paths = async (kind: 'libwaku' | 'libgowaku'): Promise<string> => {
    vi.stubEnv('WAKU_DESK_LIBWAKU', '').stubEnv('WAKU_DESK_LIBGOWAKU', '');
    const located = await locateNodeLibrary(kind);
    return located.found ? located.path : located.looked.join();
  };
  expect(await paths('libwaku')).not.toContain(builtFolder());
  expect(await paths('libgowaku')).toContain(builtFolder());
  vi.unstubAllEnvs();
});

it('says what to do where a library is needed and none is there', async () => {
  vi.stubEnv('XDG_DATA_HOME', '/nowhere').stubEnv('WAKU_DESK_LIBWAKU', '');
  const required = requireNodeLibrary('nwaku');
  await expect(required).rejects.toMatchObject({
    code: 'LIBRARY_MISSING',
    message: 'The engine nwaku needs libwaku, which is not on this machine.',
    hint: expect.stringContaining('waku-desk doctor') as string,
  });
  vi.unstubAllEnvs();
  expect(await requireNodeLibrary('nwaku', import.meta.filename)).toMatchObject({
    path: import.meta.filename,
  });
});
