import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../core/operations/live-values.ts';
import { keepNodeKey } from './node-key.ts';
import { SettingsFile } from './settings-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waku-desk-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const START = settingsSchema.parse({});

describe('the settings', () => {
  const file = (): SettingsFile =>
    new SettingsFile(join(folder, 'settings.json'), (problem) => {
      throw new Error(problem);
    });

  it('are there again at the next start, and only what was chosen', async () => {
    const first = file();
    expect(await first.read()).toBeNull();
    first.keep(START, { ...START, maxConnections: 7 }, 'go-waku');
    first.change({ engineHost: 'main' });
    await first.settled();
    const second = file();
    expect(await second.read()).toBeNull();
    expect(second.kept).toEqual({ engine: 'go-waku', engineHost: 'main', node: { maxConnections: 7 } });
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  it('keep a network whole', async () => {
    const settings = file();
    settings.keep({ ...START, shards: [5] }, { ...START, shards: [5], clusterId: 2 });
    await settings.settled();
    expect(settings.kept.node).toMatchObject({ clusterId: 2, shards: [5], contentTopics: [] });
  });

  it('hold no secret', async () => {
    const settings = file();
    const rln = {
      credentialsPath: '/home/u/keystore.json',
      contractAddress: `0x${'1'.repeat(40)}`,
      chainId: 1,
      epochSeconds: 600,
      messageLimit: 100,
    };
    settings.keep(START, { ...START, rln, logLevel: 'debug' });
    await settings.settled();
    const text = await readFile(join(folder, 'settings.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({ version: 1, node: { logLevel: 'debug' } });
    expect((await stat(join(folder, 'settings.json'))).mode & 0o777).toBe(0o600);
  });

  it.each([
    '',
    '{',
    '[]',
    '{"version":2,"node":{}}',
    `{"version":1,"node":{"nodeKey":"${'1'.repeat(64)}"}}`,
    '{"version":1,"node":{"clusterId":-1}}',
    '{"version":1,"engine":"other","node":{}}',
    'x'.repeat(2 * 1024 * 1024),
  ])('that cannot be used are set aside and told of (%#)', async (text) => {
    await writeFile(join(folder, 'settings.json'), text);
    const settings = file();
    expect(await settings.read()).toContain('settings.json.broken');
    expect(settings.kept).toEqual({ node: {} });
    expect(await readFile(join(folder, 'settings.json.broken'), 'utf8')).toBe(text);
  });

  it('that the disk refuses are told of, and in force all the same', async () => {
    const problems: string[] = [];
    const settings = new SettingsFile(join(folder, 'missing', 'settings.json'), (problem) =>
      problems.push(problem),
    );
    settings.change({ engine: 'js' });
    await settings.settled();
    expect(settings.kept.engine).toBe('js');
    expect(problems).toEqual([expect.stringContaining('could not be kept')]);
  });
});

describe("the node's key", () => {
  const path = (): string => join(folder, 'node.key');

  it('is the same at the next start, for its owner alone', async () => {
    const first = await keepNodeKey(path());
    expect(first.key).toMatch(/^[0-9a-f]{64}$/);
    await chmod(path(), 0o644);
    expect(await keepNodeKey(path())).toEqual(first);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('is another one where the file holds none, which is kept and told', async () => {
    await writeFile(path(), 'no key');
    const { key, problem } = await keepNodeKey(path());
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(problem).toContain('node.key.broken');
    expect(await keepNodeKey(path())).toEqual({ key, problem: null });
  });

  it('that cannot be kept is a failure with a next step', async () => {
    const failure = keepNodeKey(join(folder, 'missing', 'node.key'));
    await expect(failure).rejects.toMatchObject({ code: 'FILE_FAILED', operation: 'desktop.nodeKey' });
  });
});
