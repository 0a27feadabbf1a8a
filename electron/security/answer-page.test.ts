import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerPage, pageOf } from './answer-page.ts';

let outside: string;
let folder: string;
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'waku-desk-page-'));
  folder = join(outside, 'ui');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(outside, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'a.js'), '1');
  await symlink(join(outside, 'secret.txt'), join(folder, 'link.txt'));
});
afterAll(() => rm(outside, { recursive: true }));

describe('the page', () => {
  it('is answered with its type and a policy that allows no connection', async () => {
    const { status, headers, body } = await answerPage(pageOf(folder), 'waku-desk://app/', 'GET');
    expect([status, body.toString()]).toEqual([200, '<!doctype html>']);
    expect(headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
    expect(headers['Content-Security-Policy']).toContain("connect-src 'none'");
    expect(headers['X-Content-Type-Options']).toBe('nosniff');
  });

  it('has files beside it', async () => {
    expect((await answerPage(pageOf(folder), 'waku-desk://app/assets/a.js', 'GET')).status).toBe(200);
  });

  it.each([
    'waku-desk://app/../secret.txt',
    'waku-desk://app/%2e%2e/secret.txt',
    'waku-desk://app/..%2fsecret.txt',
    'waku-desk://app/assets/..%2f..%2fsecret.txt',
    'waku-desk://app/..%5csecret.txt',
    'waku-desk://app//etc/hostname.txt',
    'waku-desk://app/link.txt',
    'waku-desk://app/index.html%00.txt',
    'waku-desk://app/%ff.txt',
    'waku-desk://app/assets',
    'waku-desk://app/missing.js',
  ])('leads nowhere else: %s', async (address) => {
    const { status, headers, body } = await answerPage(pageOf(folder), address, 'GET');
    expect([status, body.toString()]).toEqual([404, 'There is no such file.\n']);
    expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
  });

  it('is of one host, and is only read', async () => {
    expect((await answerPage(pageOf(folder), 'waku-desk://other/index.html', 'GET')).status).toBe(403);
    expect((await answerPage(pageOf(folder), 'waku-desk://app/', 'POST')).status).toBe(405);
  });
});
