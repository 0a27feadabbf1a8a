/** `npm run gallery`: pictures of every view and state, from real runs, into gallery/index.html. */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('vitest', ['run', 'e2e/window/scenes'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, WAKU_DESK_GALLERY: 'gallery' },
});
process.stdout.write('The pictures are in gallery/index.html\n');
process.exitCode = status ?? 1;
