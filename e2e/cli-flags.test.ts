/** Wrong flags and values: exit code 2, one plain error with the next step; and the help. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './cli-process.ts';
import { temporaryFolder } from './nodes.ts';

/** An address where nobody needs to be: these commands end before they connect. */
const NOWHERE = '/ip4/127.0.0.1/tcp/1';
const STORE = `${NOWHERE}/p2p/16Uiu2HAm2eqzqp6xn32fzgGi8K4BuF88W4Xy6yxsmDcW8h1gj6ie`;
const HASH = `--hash=0x${'ab'.repeat(32)}`;
const PUBLISH = ['publish', '--content-topic=/a/1/b/c', '--payload=x'];

describe('a wrong command line', () => {
  it.each([
    ['a port above 65535', ['node', '--tcp-port=65536']],
    ['a negative port', ['node', '--tcp-port', '-1']],
    ['a port that is no number', ['node', '--tcp-port=http']],
    ['an empty port', ['node', '--tcp-port=']],
    ['a port with a fraction', ['node', '--tcp-port=1.5']],
    ['a port shifted beyond 65535', ['node', '--tcp-port=65535', '--ports-shift=1']],
    ['a shard above 65535', ['node', '--shard=65536']],
    ['a cluster that is no number', ['node', '--cluster-id=status']],
    ['a listen address that is no IP address', ['node', '--listen-address=localhost']],
    ['a pubsub topic of the old form', ['node', '--pubsub-topic=/waku/2/default-waku/proto']],
    ['a content topic without a shard', ['node', '--content-topic=/a/1/b/proto']],
    ['a content topic that names no shard', ['node', '--num-shards-in-network=8', '--content-topic=chat']],
    ['a node key that is too short', ['node', '--nodekey=abcd']],
    ['a node key that is no hex', ['node', `--nodekey=${'g'.repeat(64)}`]],
    ['a node key that is not on the curve', ['node', `--nodekey=${'0'.repeat(64)}`]],
    ['a node key above the curve order', ['node', `--nodekey=${'f'.repeat(64)}`]],
    ['a size that is no size', ['node', '--max-msg-size=large']],
    ['a message size that nothing fits into', ['node', '--max-msg-size=1b']],
    ['a log level that does not exist', ['node', '--log-level=loud']],
    ['no connections at all', ['node', '--max-connections=0']],
    ['an engine that does not exist', ['node', '--engine=rust']],
    ['a library for the engine that has none', ['node', '--library=/x/libwaku.so']],
    ['a library of a kind that does not exist', ['native', 'add', '--kind=librust', '/x/library.so']],
    ['a switch that is neither true nor false', ['node', '--rest=perhaps']],
    ['a static node that is no multiaddr', ['node', '--staticnode=localhost:60000']],
    ['a static node over QUIC', ['node', '--staticnode=/ip4/127.0.0.1/udp/1/quic-v1']],
    ['a flag without its value', ['node', '--agent-string']],
    ['a word too many', ['node', 'please']],
    ['a capture smaller than it can be', ['node', '--capture=/tmp/never-made', '--capture-max-size=1kb']],
    ['no node to publish to', PUBLISH],
    ['no content topic', ['publish', '--payload=x', `--connect=${NOWHERE}`]],
    ['no payload', ['publish', '--content-topic=/a/1/b/c', `--connect=${NOWHERE}`]],
    ['two shards to publish on', [...PUBLISH, `--connect=${NOWHERE}`, '--shard=1', '--shard=2']],
    ['a timestamp beyond 64 bits', [...PUBLISH, `--connect=${NOWHERE}`, '--timestamp=9223372036854775808']],
    ['a fixed timestamp for many', [...PUBLISH, `--connect=${NOWHERE}`, '--timestamp=1', '--repeat=2']],
    ['a version beyond 32 bits', [...PUBLISH, `--connect=${NOWHERE}`, '--message-version=4294967296']],
    ['meta that is no hex', [...PUBLISH, `--connect=${NOWHERE}`, '--meta=xyz']],
    ['meta with half a byte', [...PUBLISH, `--connect=${NOWHERE}`, '--meta=abc']],
    ['no repeats', [...PUBLISH, `--connect=${NOWHERE}`, '--repeat=0']],
    ['a rate of nothing', [...PUBLISH, `--connect=${NOWHERE}`, '--rate=0']],
    ['a rate that is no number', [...PUBLISH, `--connect=${NOWHERE}`, '--rate=fast']],
    ['a malformed multiaddr to publish to', [...PUBLISH, '--connect=127.0.0.1:60000']],
    ['a multiaddr with a bad peer id', [...PUBLISH, `--connect=${NOWHERE}/p2p/16Uiu2notreally`]],
    ['no node to subscribe at', ['subscribe']],
    ['a count of nothing', ['subscribe', `--connect=${NOWHERE}`, '--count=0']],
    ['a time of nothing', ['subscribe', `--connect=${NOWHERE}`, '--timeout-ms=0']],
    ['a filter that cannot be read', ['subscribe', `--connect=${NOWHERE}`, '--filter=size>lots']],
    ['no node to ask for peers', ['peers']],
    ['no node to ping', ['ping']],
    ['a malformed multiaddr to ping', ['ping', '/ip4/300.0.0.1/tcp/1']],
    ['a static node with a bad peer id', ['node', `--staticnode=${NOWHERE}/p2p/16Uiu2notreally`]],
    ['a multiaddr over WebSockets with TLS', ['ping', `${NOWHERE}/wss`]],
    ['no store node to ask', ['store', '--engine=go-waku']],
    ['a store node without its peer id', ['store', '--engine=go-waku', `--peer=${NOWHERE}`]],
    ['a time that is none', ['store', '--engine=go-waku', `--peer=${STORE}`, '--from=yesterday']],
    ['a hash that is none', ['store', '--engine=go-waku', `--peer=${STORE}`, '--hash=0x12']],
    ['hashes beside a time', ['store', '--engine=go-waku', `--peer=${STORE}`, HASH, '--from=2026-01-31']],
    ['no message at most', ['store', '--engine=go-waku', `--peer=${STORE}`, '--limit=0']],
    ['a light client that hears nothing', ['subscribe', `--connect=${NOWHERE}`, '--light']],
    ['content topics of a relay node', ['subscribe', `--connect=${NOWHERE}`, '--content-topic=/a/1/b/c']],
    ['RLN without what it needs', ['node', '--engine=nwaku', '--rln-relay']],
    ['an RLN epoch of nothing', ['node', '--engine=nwaku', '--rln-relay-epoch-sec=0']],
    ['an unknown command', ['nodes']],
  ])('says what is wrong with %s', async (_what, args) => {
    const [command = '', ...flags] = args;
    const cli = await runCli([command, '--json', ...flags]);
    expect(cli.exit.code, cli.stderr).toBe(2);
    expect(cli.stdout).toBe('');
    const { code, message, hint } = cli.error();
    expect(code).toMatch(
      /^(BAD_USE|CONFIG_INVALID|MULTIADDR_INVALID|NODE_KEY_INVALID|FILTER_INVALID|UNSUPPORTED)$/,
    );
    expect(message).toMatch(/^\S.*\S$/s);
    expect(message).not.toMatch(/outputHelp|undefined|\bat .*:\d+:\d+/);
    expect(hint).toMatch(/\.$/);
    expect(hint).not.toContain('defect');
  });

  it('without a command shows the commands on standard error', async () => {
    const cli = await runCli([]);
    expect(cli.exit.code).toBe(2);
    expect(cli.stdout).toBe('');
    expect(cli.stderr).toMatch(/Usage: waku-desk/);
    expect(cli.stderr).not.toContain('outputHelp');
  });

  it('suggests the flag that was meant', async () => {
    const cli = await runCli(['node', '--tcp-prt=1']);
    expect(cli.exit.code).toBe(2);
    expect(cli.stderr).toMatch(/--tcp-prt.*--tcp-port.*\[BAD_USE\]\n {2}next: \S/s);
  });

  it('points at the place in a filter that cannot be read', async () => {
    const cli = await runCli(['subscribe', `--connect=${NOWHERE}`, '--filter=content:/a/ and size>lots']);
    expect(cli.exit.code).toBe(2);
    expect(cli.stderr).toContain('content:/a/ and size>lots\n');
    expect(cli.stderr).toMatch(/^ +\^+/m);
    expect(cli.stderr).toContain('[FILTER_INVALID]');
  });

  it('is explained in two lines for people', async () => {
    const cli = await runCli(['ping', 'nonsense']);
    expect(cli.exit.code).toBe(2);
    expect(cli.stderr).toMatch(/^error: .+ \[MULTIADDR_INVALID\]\n {2}next: .+\n$/);
    expect(cli.stdout).toBe('');
  });
});

describe('what an engine cannot do', () => {
  const publish = [...PUBLISH, `--connect=${NOWHERE}`];
  const hear = ['subscribe', '--content-topic=/a/1/b/c', `--connect=${NOWHERE}`];
  it.each([
    ['a light node', 'nwaku', 'LIGHT_CLIENT_DISABLED', ['node', '--light']],
    ['a light node', 'js', 'UNSUPPORTED', ['node', '--light']],
    ['a light window', 'nwaku', 'LIGHT_CLIENT_DISABLED', ['serve', '--light']],
    ['a light window', 'js', 'UNSUPPORTED', ['serve', '--light']],
    ['hearing by filter', 'nwaku', 'LIGHT_CLIENT_DISABLED', [...hear, '--light']],
    ['hearing by filter', 'js', 'UNSUPPORTED', [...hear, '--light']],
    ['publishing by lightpush', 'nwaku', 'LIGHT_CLIENT_DISABLED', [...publish, '--light']],
    ['publishing by lightpush', 'js', 'UNSUPPORTED', [...publish, '--light']],
    ['querying a store', 'js', 'UNSUPPORTED', ['store', `--peer=${STORE}`]],
    ['RLN', 'js', 'RLN_NEEDS_NWAKU', ['node', '--rln-relay']],
    ['RLN', 'go-waku', 'RLN_NEEDS_NWAKU', ['node', '--rln-relay=true', '--rln-relay-chain-id=1']],
    ['RLN in a window', 'js', 'RLN_NEEDS_NWAKU', ['serve', '--rln-relay']],
  ])(
    '%s with %s is refused with %s, and nothing is started or written',
    async (_what, engine, code, args) => {
      const folder = join(await temporaryFolder(), 'capture');
      const [command = '', ...flags] = args;
      const capture = command === 'publish' ? [] : [`--capture=${folder}`];
      const cli = await runCli([command, '--json', `--engine=${engine}`, ...capture, ...flags]);
      expect(cli.exit.code, cli.stderr).toBe(2);
      expect(cli.stdout).toBe('');
      expect(cli.error()).toMatchObject({ code, message: expect.stringMatching(/\.$/) as unknown });
      expect(existsSync(folder)).toBe(false);
    },
  );
});

describe('secrets', () => {
  const PASSWORD = 'hunter22';
  const RPC = 'https://rpc.example.org/v3/rpc-key-12345678';
  const RLN = ['--engine=nwaku', '--rln-relay', '--rln-relay-cred-path=k', '--rln-relay-chain-id=1'];
  const environment = { WAKU_DESK_RLN_PASSWORD: PASSWORD, WAKU_DESK_RLN_RPC_URLS: `${RPC} ${RPC}` };

  it.each([
    ['beside a wrong contract', [...RLN, '--rln-relay-eth-contract-address=0x12']],
    ['beside a missing flag', RLN],
    ['of an engine that has no RLN', ['--engine=js', '--rln-relay']],
    ['in a mistyped flag', [`--rln-relay-cred-pasword=${PASSWORD}`, `--nodekeys=${PASSWORD}`]],
    ['that looks like a flag', [`--nodekey=--${PASSWORD}`]],
    ['in the help', ['--help']],
  ])('are never printed: %s', async (_what, flags) => {
    const given = await runCli(['node', ...flags], { environment });
    expect(given.stdout + given.stderr).not.toMatch(/hunter22|rpc-key/);
    expect(given.stderr).not.toContain('warning');
    const typed = ['node', ...flags, `--rln-relay-eth-client-address=${RPC}`, '--rln-relay-cred-password'];
    const shown = await runCli([...typed, PASSWORD, '--json']);
    expect(shown.stdout + shown.stderr).not.toMatch(/hunter22|rpc-key/);
  });

  it('on the command line are warned of, with where they belong', async () => {
    const { stderr } = await runCli(['node', '--rln-relay', '--rln-relay-cred-password', PASSWORD]);
    expect(stderr).toMatch(/^warning: .*--rln-relay-cred-password.*WAKU_DESK_RLN_PASSWORD\n/);
    expect(stderr).toContain('RLN_NEEDS_NWAKU');
  });
});

describe('the help', () => {
  it.each([
    ['the program', []],
    ['node', ['node']],
    ['subscribe', ['subscribe']],
    ['publish', ['publish']],
    ['chat', ['chat']],
    ['peers', ['peers']],
    ['store', ['store']],
    ['ping', ['ping']],
  ])('of %s lists the exit codes', async (_name, command) => {
    const cli = await runCli([...command, '--help']);
    expect(cli.exit.code).toBe(0);
    expect(cli.stderr).toBe('');
    for (const line of [
      '0  done',
      '2  bad use',
      '3  could not connect',
      '4  timed out',
      '5  refused',
      '6  engine',
    ])
      expect(cli.stdout).toContain(`\n  ${line}`);
  });

  it('names the version of the package', async () => {
    const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
    const cli = await runCli(['--version']);
    expect(cli.stdout).toBe(`${manifest.version}\n`);
    expect(cli.exit.code).toBe(0);
  });

  it('lists every command', async () => {
    const { stdout } = await runCli(['--help']);
    for (const command of ['node', 'subscribe', 'publish', 'chat', 'store', 'peers', 'ping'])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });
});
