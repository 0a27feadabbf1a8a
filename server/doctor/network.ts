/** Addresses and ports of this machine. Nothing outside is asked. */
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Finding } from '../../core/operations/doctor-values.ts';
import { bad, good, notice } from './finding.ts';

/** nwaku's own, which scripts and other nodes expect; nodes here take a free port unless told. */
const KNOWN_PORTS: readonly { port: number; id: string; subject: string; flag: string }[] = [
  { port: 60_000, id: 'port.node', subject: 'Port of the node', flag: '--tcp-port' },
  { port: 8_645, id: 'port.rest', subject: 'Port of the REST API', flag: '--rest-port' },
];

export function networkFindings(ownPorts: readonly number[]): Promise<Finding[]> {
  return Promise.all([
    loopback4(),
    loopback6(),
    addresses(),
    ...KNOWN_PORTS.map((known) => portFinding(known, ownPorts)),
  ]);
}

async function loopback4(): Promise<Finding> {
  const problem = await bindProblem('127.0.0.1', 0);
  if (problem === null) return good('ipv4', 'IPv4', 'The loopback address can be listened on.');
  return bad('ipv4', 'IPv4', `127.0.0.1 cannot be listened on (${problem}), so no node can run.`, {
    hint: 'Bring the loopback interface up (ip link set lo up), or allow the program to listen.',
    details: { problem },
  });
}

async function loopback6(): Promise<Finding> {
  const problem = await bindProblem('::1', 0);
  if (problem === null) return good('ipv6', 'IPv6', 'The loopback address can be listened on.');
  return notice(
    'ipv6',
    'IPv6',
    `This machine has no IPv6 loopback (${problem}): only IPv4 addresses can be used.`,
    {
      hint: 'Nothing needs to be done for IPv4; else enable IPv6 in the system.',
      details: { problem },
    },
  );
}

function addresses(): Promise<Finding> {
  const all = Object.entries(networkInterfaces()).flatMap(([name, list = []]) =>
    list.filter(({ internal }) => !internal).map(({ address }) => `${address} (${name})`),
  );
  const subject = 'Local addresses';
  if (all.length > 0)
    return Promise.resolve(good('addresses', subject, `${all.join(', ')}.`, { details: { addresses: all } }));
  return Promise.resolve(
    notice(
      'addresses',
      subject,
      'There is no network but the loopback: only nodes on this machine can be reached.',
      {
        hint: 'Connect the machine to a network to reach other nodes.',
        details: { addresses: [] },
      },
    ),
  );
}

async function portFinding(
  { port, id, subject, flag }: (typeof KNOWN_PORTS)[number],
  ownPorts: readonly number[],
): Promise<Finding> {
  if (ownPorts.includes(port)) return good(id, subject, `${port} is this node's.`, { details: { port } });
  const problem = await bindProblem('127.0.0.1', port);
  if (problem === null) return good(id, subject, `${port} is free.`, { details: { port } });
  const isTaken = problem === 'EADDRINUSE';
  return notice(id, subject, isTaken ? `${port} is in use.` : `${port} cannot be listened on (${problem}).`, {
    hint: `End what uses it, or give a node another one with ${flag}; without the flag it takes a free one.`,
    details: { port, problem },
  });
}

/** The system's code of why an address cannot be listened on; null: it can. */
function bindProblem(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });
}
