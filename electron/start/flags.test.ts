import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Kept } from '../settings/settings-file.ts';
import { readBuild, refuseHooks } from './build-file.ts';
import { readDesktopFlags, type DesktopFlags } from './desktop-flags.ts';
import { chooseNode } from './node-choice.ts';
import { ownArguments } from './own-arguments.ts';

function flagsOf(...flags: string[]): DesktopFlags {
  const read = readDesktopFlags(flags, '1.2.3', () => undefined);
  if (read === null) throw new Error('only help was asked for');
  return read;
}

describe('the command line of the app', () => {
  it('is what stands behind the app, without switches of Chromium', () => {
    const argv = [
      'electron',
      '--inspect=0',
      '--remote-debugging-port=0',
      '/app',
      '--no-sandbox',
      '--shard',
      '5',
    ];
    expect(ownArguments(argv, '/app')).toEqual({
      flags: ['--shard', '5'],
      hooks: ['--inspect', '--remote-debugging-port'],
    });
  });

  it('of a packaged app begins behind the program', () => {
    expect(ownArguments(['/opt/waku-desk', '--disable-gpu', '--demo', '-psn_0_1'], null).flags).toEqual([
      '--demo',
    ]);
  });

  it('has the flags of the commands, with their checks', () => {
    const address = '/ip4/127.0.0.1/tcp/1/p2p/16Uiu2HAm';
    const { options, given } = flagsOf(
      '--cluster-id=5',
      '--shard',
      '1',
      '--shard',
      '2',
      `--connect=${address}`,
    );
    expect(options).toMatchObject({ clusterId: 5, shard: [1, 2], connect: [address], tcpPort: 0 });
    expect([...given].sort()).toEqual(['clusterId', 'connect', 'shard']);
    expect(() => flagsOf('--shard=x')).toThrow('It must be a whole number from 0 to 65535.');
  });

  it.each([
    [['--sharrd=1'], /[Uu]nknown option '--sharrd'/],
    [['--engine-host=elsewhere'], /Allowed choices are main, utility/],
    [['--profile=own'], /Allowed choices/],
    [['surplus'], /[Tt]oo many arguments/],
    [['--user-data-dir', '--demo'], /the value is missing/],
  ])('refuses %s with BAD_USE', (flags, message) => {
    expect(() => flagsOf(...flags)).toThrow(
      expect.objectContaining({ code: 'BAD_USE', message: expect.stringMatching(message) as unknown }),
    );
  });

  it('does not repeat a key that was mistyped', () => {
    expect(() => flagsOf(`--nodekye=${'a'.repeat(64)}`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('aaaa') as unknown }),
    );
  });

  it('prints its flags and its version on request, and is no start then', () => {
    let text = '';
    const print = (part: string): void => {
      text += part;
    };
    expect(readDesktopFlags(['--version'], '1.2.3', print)).toBeNull();
    expect(readDesktopFlags(['--help'], '1.2.3', print)).toBeNull();
    expect(text).toContain('1.2.3\n');
    expect(text).toContain('--engine-host');
  });
});

describe('the node', () => {
  const nothing: Kept = { node: {} };

  it('is by its build without flags', () => {
    expect(chooseNode(flagsOf(), nothing, 'harness').engine).toBe('js');
    expect(chooseNode(flagsOf(), nothing, 'nwaku').engine).toBe('nwaku');
    expect(chooseNode(flagsOf(), nothing, 'go-waku').engine).toBe('go-waku');
  });

  it('is what the user chose before, unless a flag says otherwise', () => {
    const kept: Kept = { engine: 'js', node: { clusterId: 7, shards: [3], maxConnections: 9 } };
    const before = chooseNode(flagsOf(), kept, 'nwaku');
    expect(before).toMatchObject({ engine: 'js', problem: null });
    expect(before.config).toMatchObject({ clusterId: 7, shards: [3], maxConnections: 9 });
    const flagged = chooseNode(flagsOf('--engine=nwaku', '--max-connections=4'), kept, 'nwaku');
    expect(flagged).toMatchObject({ engine: 'nwaku', config: { clusterId: 7, maxConnections: 4 } });
  });

  it('is of another network altogether where a flag names a part of one', () => {
    const kept: Kept = { node: { clusterId: 7, shards: [3], maxConnections: 9 } };
    const { config } = chooseNode(flagsOf('--cluster-id=1'), kept, 'harness');
    expect(config).toMatchObject({ clusterId: 1, shards: [32], maxConnections: 9 });
  });

  it('runs without the settings of before where they do not go with the flags, and says so', () => {
    const { config, problem } = chooseNode(flagsOf('--engine=js'), { node: { light: true } }, 'harness');
    expect(config.light).toBe(false);
    expect(problem).toContain('not in force');
  });

  it('is none that the build does not carry', () => {
    expect(() => chooseNode(flagsOf('--engine=go-waku'), nothing, 'nwaku')).toThrow('no engine go-waku');
    expect(() => chooseNode(flagsOf('--engine=auto'), nothing, 'harness')).toThrow('no engine auto');
    expect(chooseNode(flagsOf(), { ...nothing, engine: 'go-waku' }, 'nwaku').engine).toBe('nwaku');
  });
});

describe('the build', () => {
  async function packaged(text: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'waku-desk-build-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'build.json'), text);
    return folder;
  }

  it('of a checkout is the harness, or what a flag says', () => {
    expect(readBuild(null, undefined).profile).toBe('harness');
    expect(readBuild(null, 'nwaku').profile).toBe('nwaku');
  });

  it('of a package is what stands beside it, and no flag makes it another', async () => {
    const folder = await packaged('{"profile":"nwaku"}');
    expect(readBuild(folder, undefined)).toEqual({ profile: 'nwaku', testHooks: false });
    expect(() => readBuild(folder, 'harness')).toThrow(expect.objectContaining({ code: 'BAD_USE' }));
  });

  it.each(['', '{}', '{"profile":"own"}'])('that says %j is none', async (text) => {
    const folder = await packaged(text);
    expect(() => readBuild(folder, undefined)).toThrow(expect.objectContaining({ code: 'FILE_FAILED' }));
  });

  it('of a package takes no flag that opens it to others, unless it was made for tests', () => {
    const release = { profile: 'nwaku', testHooks: false } as const;
    expect(() => {
      refuseHooks(['--remote-debugging-port'], release);
    }).toThrow('--remote-debugging-port is refused');
    refuseHooks(['--remote-debugging-port'], { ...release, testHooks: true });
    refuseHooks([], release);
  });
});
