/** Commands with a native engine in their own process: output, node.log, messages, how they end. On libgowaku. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { needsLibgowaku, GO_WAKU } from './libgowaku.ts';
import { publish, startNode, temporaryFolder } from './nodes.ts';

describe('a command with a native engine', () => {
  beforeEach(needsLibgowaku);

  it("prints its own words as ever, and the library's in node.log, with a line for each message", async () => {
    const nodeLog = join(await temporaryFolder(), 'node.log');
    const { cli, ready, address } = await startNode([GO_WAKU, `--node-log=${nodeLog}`]);
    expect(ready).toMatchObject({
      engine: 'go-waku',
      engineVersion: expect.stringMatching(/^v\d/) as string,
    });
    const sent = await publish(address);
    const [published] = sent.lines('published');
    const heard = await cli.waitFor('message');
    expect(heard).toMatchObject({
      hash: published?.hash,
      fromPeer: expect.stringMatching(/^16Uiu2/) as string,
    });
    const { code } = await cli.terminate();
    expect(code).toBe(0);
    expect(cli.lines('stopped')).toMatchObject([{ received: 1 }]);
    const lines = (await readFile(nodeLog, 'utf8')).split('\n');
    const received = lines.filter((line) => line.includes('received relay message'));
    expect(received).toHaveLength(1);
    expect(received[0]).toContain(`msg_hash=${published?.hash ?? ''}`);
    expect(received[0]).toMatch(/ from_peer_id=16U\*\w{6} .*receivedTime=\d{19} /);
    expect(received[0]).toContain(` my_peer_id=16U*${ready.peerId.slice(-6)} `);
    expect(cli.stdout).not.toContain('relay message ');
  });

  it('loses nothing of what it published before it ends', async () => {
    const { cli, address } = await startNode();
    const sent = await publish(address, { flags: [GO_WAKU, '--repeat=1000'] });
    expect(sent.exit.code).toBe(0);
    await cli.until('1,000 messages', () => cli.lines('message')[999]);
  });
});
