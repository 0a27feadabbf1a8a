import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
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

it('an AppImage that unpacked itself is started again when its folder is gone, and unpacks itself again', async (context) => {
  if (process.platform !== 'linux') context.skip('AppImages are of Linux');
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-relaunch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { APPIMAGE: join(folder, 'Waku Desk.AppImage'), APPDIR: join(folder, 'appimage_extracted_ab') };
  await mkdir(env.APPDIR);
  // In its place: says what it is started with.
  const script = '#!/bin/sh\n[ -e "$APPDIR" ] && echo early\necho $APPIMAGE_EXTRACT_AND_RUN "$@"\n';
  await writeFile(env.APPIMAGE, script);
  await chmod(env.APPIMAGE, 0o755);
  const execPath = join(env.APPDIR, 'waku-desk');
  const { args, execPath: program = '' } = relaunchTarget({ argv: [execPath, ...FLAGS], execPath, env });
  const started = spawn(program, args, { env: { ...process.env, ...env } });
  let text = '';
  started.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(started, 'close');
  await once(started, 'spawn');
  await rm(env.APPDIR, { recursive: true });
  await ended;
  expect(text).toBe(`1 ${FLAGS.join(' ')}\n`);
});

it('an AppImage that only began the terminal is none of ours', () => {
  const execPath = '/opt/waku-desk/waku-desk';
  const env = { APPIMAGE: '/home/u/Terminal.AppImage', APPDIR: '/tmp/.mount_TermCd' };
  expect(relaunchTarget({ argv: [execPath], execPath, env })).toEqual({ args: [] });
});
