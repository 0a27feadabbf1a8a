import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { buildDeb, readFpmArguments } from './deb.ts';

const run = promisify(execFile);

it('makes a Debian package of what electron-builder tells fpm', async (context) => {
  const hasDpkg = await run('dpkg-deb', ['--version']).then(
    () => true,
    () => false,
  );
  if (!hasDpkg) context.skip('dpkg-deb is not here');
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-deb-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'app'));
  await writeFile(join(folder, 'app', 'a=b'), 'x'.repeat(5_000));
  await writeFile(join(folder, 'icon.png'), 'icon');
  for (const name of ['install', 'remove']) await writeFile(join(folder, name), `#!/bin/sh\necho ${name}\n`);
  const output = join(folder, 'out.deb');
  await buildDeb(
    readFpmArguments(
      [
        ['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'libgbm1 | libgbm2'],
        ['--deb-recommends', 'xdg-utils', '--deb-compression', 'xz', '--architecture', 'amd64'],
        ['--after-install', join(folder, 'install'), '--after-remove', join(folder, 'remove')],
        ['--description', 'A synopsis\n A longer line\n\n and one more', '--version', '1.0.0~beta'],
        ['--package', output, '--name', 'waku-desk', '--maintainer', 'Someone <a@b.example>'],
        [
          '--vendor',
          'Someone',
          '--url',
          'https://waku.org',
          '--deb-priority',
          'optional',
          '--license',
          'MIT',
        ],
        [`${folder}/app/=/opt/Waku Desk`, `${folder}/icon.png=/usr/share/icons/waku-desk.png`],
      ].flat(),
    ),
  );
  const { stdout: facts } = await run('dpkg-deb', ['-f', output]);
  expect(facts).toContain('Package: waku-desk\nVersion: 1.0.0~beta\nArchitecture: amd64\n');
  expect(facts).toContain('Depends: libnss3, libgbm1 | libgbm2\nRecommends: xdg-utils\n');
  expect(facts).toContain('Description: A synopsis\n A longer line\n .\n and one more');
  const { stdout: files } = await run('dpkg-deb', ['-c', output]);
  expect(files).toMatch(/^-rw-r--r-- root\/root +5000 .* \.\/opt\/Waku Desk\/a=b$/m);
  expect(files).toContain('./usr/share/icons/waku-desk.png');
  const { stdout: script } = await run('dpkg-deb', ['-I', output, 'postinst']);
  expect(script).toContain('echo install');
});

it('names the argument of fpm that is missing', () => {
  expect(() => readFpmArguments(['-s', 'dir', '-t', 'deb'])).toThrow('--name is missing');
});
