import { expect, it } from 'vitest';
import { DESKTOP_FOLDER } from './desktop.mjs';
import { chooseStart } from './start.mjs';

const released = { executable: '/opt/electron', folder: '/opt', version: '45.4.1', kind: 'release' as const };
const withScreen = { environment: { DISPLAY: ':0' }, platform: 'linux' as const, uid: 1000 };

async function choose(
  flags: string[],
  changes: Partial<typeof withScreen> = {},
  electron: object = released,
) {
  return chooseStart({ flags, ...withScreen, ...changes }, () =>
    Promise.resolve(electron as typeof released),
  );
}

it('opens the desktop app where there are a screen and an Electron', async () => {
  expect(await choose(['--demo'])).toEqual({
    command: '/opt/electron',
    args: [DESKTOP_FOLDER, '--demo'],
    reason: 'as a desktop app, on Electron 45.4.1.',
  });
});

it('says that an Electron is for tests, and that root has no sandbox', async () => {
  const choice = await choose([], { uid: 0 }, { ...released, kind: 'testelectron' });
  expect(choice).toMatchObject({ args: [DESKTOP_FOLDER, '--no-sandbox'] });
  expect('reason' in choice && choice.reason).toMatch(/old one for tests.*without its sandbox/);
});

it.each([
  ['without a screen', [], { environment: {} }, released, 'there is no screen'],
  ['without an Electron', [], {}, { missing: 'None can be had.' }, 'None can be had.'],
  ['with a flag of the browser', ['--port=0'], {}, released, '--port=0 is a flag'],
  ['when it is asked for', ['--browser', '--demo'], {}, released, '--browser was given'],
])('opens the window in the browser %s, and says why', async (_, flags, changes, electron, reason) => {
  const choice = await choose(flags, changes as Partial<typeof withScreen>, electron);
  expect(choice).toMatchObject({
    command: process.execPath,
    reason: expect.stringContaining(reason) as string,
  });
  expect('args' in choice && choice.args.slice(1, 3)).toEqual(['serve', '--open']);
  expect('args' in choice && choice.args).not.toContain('--browser');
});

it('refuses the desktop app that is asked for where it cannot be', async () => {
  expect(await choose(['--desktop'], { environment: {} } as Partial<typeof withScreen>)).toEqual({
    refused: expect.stringContaining('there is no screen') as string,
  });
});
