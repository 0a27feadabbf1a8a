/** A local network of the test's own: two network namespaces joined by a cable. Linux and root. */
import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** Why there can be no such network here, or null. */
export function namespacesUnavailable(): string | null {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const { status, error } = spawnSync('ip', ['netns', 'list']);
  if (error !== undefined) return "network namespaces need iproute2's ip";
  return status === 0 ? null : 'this machine refuses network namespaces';
}

export interface Host {
  namespace: string;
  address: string;
}

/** Two hosts on one network, gone with the running test. */
export function createLan(): [Host, Host] {
  const id = `wd${process.pid.toString(36)}`;
  const hosts: [Host, Host] = [
    { namespace: `${id}a`, address: '10.77.0.1' },
    { namespace: `${id}b`, address: '10.77.0.2' },
  ];
  onTestFinished(() => {
    for (const { namespace } of hosts) spawnSync('ip', ['netns', 'del', namespace]);
  });
  for (const { namespace } of hosts) ip('netns', 'add', namespace);
  const [a, b] = hosts;
  ip('-n', a.namespace, 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'lan', 'netns', b.namespace);
  for (const { namespace, address } of hosts) {
    ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'lan');
    for (const device of ['lo', 'lan']) ip('-n', namespace, 'link', 'set', device, 'up');
    ip('-n', namespace, 'route', 'add', '224.0.0.0/4', 'dev', 'lan');
  }
  return hosts;
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
