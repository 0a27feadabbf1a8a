/** The light client of the engine go-waku, with go-waku's own node as the service node. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { eventually, goMessage, GoInbox, useGoWaku } from './go-waku.ts';
import type { CmdWaku, CmdWakuOptions } from './cmd-waku/cmd-waku.ts';
import { textOf } from './cli-lines.ts';
import { runCli, startCli } from './cli-process.ts';
import { GO_WAKU, needsLibgowaku } from './libgowaku.ts';
import { CONTENT_TOPIC, freePort, publishArgs, TOPIC } from './nodes.ts';

const OTHER_TOPIC = '/waku-desk/1/other/proto';
const FILTER = [`--content-topic=${CONTENT_TOPIC}`];

describe('a light client', () => {
  const startGo = useGoWaku();
  const startService = (context: TestContext, options: Partial<CmdWakuOptions> = {}): Promise<CmdWaku> =>
    startGo(context, { services: ['filter', 'lightpush'], ...options });
  beforeEach(needsLibgowaku);

  /** Sends until the light client hears: a service node tells nobody who subscribed. */
  async function untilHeard(service: CmdWaku, heard: () => unknown): Promise<void> {
    await eventually('message by filter', 60_000, async () => {
      await service.publish(TOPIC, goMessage({ text: 'heard' }));
      await new Promise((resolve) => setTimeout(resolve, 300));
      return heard();
    });
  }

  it('hears its content topics and no others, as a command', async (context) => {
    const service = await startService(context);
    const cli = startCli([
      'subscribe',
      '--json',
      GO_WAKU,
      '--light',
      ...FILTER,
      `--connect=${service.multiaddr}`,
    ]);
    await untilHeard(service, () => cli.lines('message')[0]);
    await service.publish(TOPIC, goMessage({ text: 'not asked for', contentTopic: OTHER_TOPIC }));
    await service.publish(TOPIC, goMessage({ text: 'the last one' }));
    await cli.waitFor('message', { where: (line) => textOf(line) === 'the last one' });
    expect(new Set(cli.lines('message').map(({ contentTopic }) => contentTopic))).toEqual(
      new Set([CONTENT_TOPIC]),
    );
    expect(cli.lines('message').every(({ pubsubTopic }) => pubsubTopic === TOPIC)).toBe(true);
    expect((await cli.terminate()).code).toBe(0);
  });

  it('publishes through the service node, which relays it', async (context) => {
    const service = await startService(context);
    const inbox = new GoInbox(service);
    const sent = await runCli([...publishArgs(service.multiaddr), GO_WAKU, '--light']);
    expect(sent.exit.code, sent.stderr).toBe(0);
    const [published] = sent.lines('published');
    expect(published).toMatchObject({ sentToPeers: null, states: ['accepted'] });
    const arrived = await inbox.waitFor(published?.hash ?? '');
    expect(Buffer.from(arrived.payload).toString()).toBe('hello');
  });

  it('says that nobody serves it', async (context) => {
    const relay = await startGo(context);
    const flags = [GO_WAKU, '--light', '--timeout-ms=3000'];
    const sent = await runCli([...publishArgs(relay.multiaddr), ...flags]);
    expect(sent.exit.code).toBe(3);
    expect(sent.error()).toMatchObject({ code: 'NO_SERVICE_PEER' });
  });

  it('hears again after its service node was away', async (context) => {
    const tcpPort = await freePort();
    const nodeKey = '1f'.repeat(32);
    const before = await startService(context, { tcpPort, nodeKey });
    const flags = [GO_WAKU, '--light', ...FILTER, `--connect=${before.multiaddr}`];
    const node = startCli(['node', '--json', ...flags]);
    expect(await node.waitFor('ready')).toMatchObject({ light: true, pubsubTopics: [TOPIC] });
    await untilHeard(before, () => node.lines('message')[0]);
    await before.stop();
    await node.waitFor('filtersChanged', { where: ({ filters }) => filters.some(({ served }) => !served) });
    const count = node.lines('message').length;
    const after = await startService(context, { tcpPort, nodeKey });
    await untilHeard(after, () => node.lines('message')[count]);
    expect(node.lines('filtersChanged').at(-1)?.filters).toMatchObject([{ served: true, error: null }]);
  });
});
