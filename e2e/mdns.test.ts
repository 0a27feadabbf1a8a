import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, startCli } from './cli-process.ts';
import { createLan, namespacesUnavailable, type Host } from './namespaces.ts';
import { CONTENT_TOPIC } from './nodes.ts';

/** Runs the program on a host of the test's network. */
function startOn({ namespace }: Host, ...args: string[]) {
  return startCli(['netns', 'exec', namespace, join(ROOT, 'waku-desk'), ...args, '--json'], {
    program: 'ip',
  });
}

it('two desktops on a local network find each other by mDNS and exchange messages', async (ctx) => {
  const unavailable = namespacesUnavailable();
  if (unavailable !== null) ctx.skip(unavailable);
  const [here, there] = createLan();
  const node = startOn(here, 'node', '--mdns');
  const { peerId, listenAddresses } = await node.waitFor('ready');
  expect(listenAddresses.some((address) => address.includes(here.address))).toBe(true);

  const other = startOn(there, 'node', '--mdns');
  await other.waitFor('ready');
  const { peerId: found, origin } = await other.waitFor('peerIdentified');
  expect([found, ['discovered', 'inbound'].includes(origin)]).toEqual([peerId, true]);

  const publisher = startOn(
    there,
    'publish',
    '--mdns',
    `--content-topic=${CONTENT_TOPIC}`,
    '--payload=over the LAN',
  );
  const { hash } = await publisher.waitFor('published');
  await node.waitFor('message', { where: (message) => message.hash === hash });
  await other.waitFor('message', { where: (message) => message.hash === hash });
});

it('nodes without --mdns stay unknown to each other', async (ctx) => {
  const unavailable = namespacesUnavailable();
  if (unavailable !== null) ctx.skip(unavailable);
  const [here, there] = createLan();
  const silent = startOn(here, 'node', '--listen-address=0.0.0.0');
  await silent.waitFor('ready');
  const seeker = startOn(there, 'peers', '--mdns', '--wait-ms=3000');
  expect((await seeker.waitForExit()).code).toBe(0);
  expect(seeker.lines('peer')).toEqual([]);
});
