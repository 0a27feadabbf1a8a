import { expect, it } from 'vitest';
import { relaunchTarget } from './relaunch.ts';

const FLAGS = ['--user-data-dir=/home/u/desk', '--profile=nwaku'];

it('the app is started again with the flags that it has', () => {
  const argv = ['/opt/waku-desk/waku-desk', ...FLAGS];
  expect(relaunchTarget({ argv, execPath: '/opt/waku-desk/waku-desk', env: {} })).toEqual({ args: FLAGS });
});

it('an AppImage is started again from its file, for the folder that it runs from goes with it', () => {
  const execPath = '/tmp/.mount_WakuAb/waku-desk';
  const env = { APPIMAGE: '/home/u/Waku Desk.AppImage', APPDIR: '/tmp/.mount_WakuAb' };
  expect(relaunchTarget({ argv: [execPath, ...FLAGS], execPath, env })).toEqual({
    args: FLAGS,
    execPath: '/home/u/Waku Desk.AppImage',
  });
});

it('an AppImage that only began the terminal is none of ours', () => {
  const execPath = '/opt/waku-desk/waku-desk';
  const env = { APPIMAGE: '/home/u/Terminal.AppImage', APPDIR: '/tmp/.mount_TermCd' };
  expect(relaunchTarget({ argv: [execPath], execPath, env })).toEqual({ args: [] });
});
