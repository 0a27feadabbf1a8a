/** `--discv5-discovery`: nodes that find each other by records instead of addresses. */
import { describe, expect, it } from 'vitest';
import { GO_WAKU, needsLibgowaku } from '../libgowaku.ts';
import { freePort } from '../nodes.ts';
import { startRestNode, type RestNode } from './rest-node.ts';

const DISCV5 = ['--discv5-discovery=true', '--peer-exchange=true'];

describe('a node with discv5', () => {
  it('is found by its record alone, on the engine go-waku', { timeout: 120_000 }, async (context) => {
    await needsLibgowaku(context);
    const start = async (more: readonly string[]): Promise<RestNode> =>
      startRestNode([GO_WAKU, ...DISCV5, `--discv5-udp-port=${await freePort()}`, ...more]);
    const known = await start([]);
    const { enr } = known.ready;
    expect(enr).toMatch(/^enr:/);
    const seeker = await start([`--discv5-bootstrap-node=${enr}`]);
    await seeker.cli.waitFor('peerIdentified', {
      where: ({ peerId }) => peerId === known.peerId,
      timeoutMs: 60_000,
    });
    expect((await seeker.call('/health')).text).toContain('{"Peer Exchange":"READY"}');
    expect(seeker.cli.stderr).not.toContain('--discv5');
  });

  it('says which engines have it where this one has it not', async () => {
    const node = await startRestNode(DISCV5);
    expect(node.cli.stderr).toContain(
      'the js engine does not honour --discv5-discovery (go-waku and nwaku have it), --peer-exchange (go-waku and',
    );
  });
});
