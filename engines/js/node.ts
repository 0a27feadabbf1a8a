/** Puts a libp2p node together from the configuration: TCP, Noise, yamux and mplex, and Waku's protocols. */
import './runtime.ts';
import type { Socket } from 'node:net';
import { generateKeyPair, privateKeyFromRaw } from '@libp2p/crypto/keys';
import { identify } from '@libp2p/identify';
import type { ComponentLogger, Logger, MultiaddrConnection, PrivateKey } from '@libp2p/interface';
import { mdns } from '@libp2p/mdns';
import { mplex } from '@libp2p/mplex';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import type { NodeConfig } from '../../core/engine/config.ts';
import { describeCause, WakuDeskError } from '../../core/engine/errors.ts';
import { withFairReads } from './fair-reads.ts';
import { relay, type RelayService } from './relay.ts';
import { webSocketTransport } from './websockets.ts';

export type RelayNode = Libp2p<{ relay: RelayService }>;

/** Only Waku Desk nodes answer to it: no other Waku implementation uses mDNS. */
const MDNS_SERVICE = '_waku-desk._udp.local';
const MDNS_INTERVAL_MS = 10_000;
/** A peer that is paused for a few seconds, as QA's tests do, is not hung up on. */
const PING_INTERVAL_MS = 15_000;

export interface NodeOptions {
  config: NodeConfig;
  privateKey: PrivateKey;
  /** Called with libp2p's own error lines. */
  onLog: (component: string, text: string) => void;
  /** Hears of each connection's socket. */
  onSocket?: (socket: Socket) => void;
}

export async function nodeKey(hex: string | null): Promise<PrivateKey> {
  if (hex === null) return generateKeyPair('secp256k1');
  try {
    return privateKeyFromRaw(new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex')));
  } catch {
    // The cause is left out: it may quote the key.
    throw new WakuDeskError('NODE_KEY_INVALID', 'The node key is not a secp256k1 secret.', {
      operation: 'engine.start',
      hint: 'Give 64 hex digits, or none for a new key.',
    });
  }
}

/** @throws WakuDeskError PORT_IN_USE, LISTEN_FAILED */
export async function startNode({
  config,
  privateKey,
  onLog,
  onSocket = () => undefined,
}: NodeOptions): Promise<RelayNode> {
  const family = config.listenAddress.includes(':') ? 'ip6' : 'ip4';
  let node: RelayNode | undefined;
  try {
    node = await createLibp2p({
      start: false,
      privateKey,
      logger: errorLogger(onLog),
      nodeInfo: { userAgent: config.agentString },
      addresses: {
        listen: [
          `/${family}/${config.listenAddress}/tcp/${String(config.tcpPort)}`,
          ...(config.websocketPort === null
            ? []
            : [`/${family}/${config.listenAddress}/tcp/${String(config.websocketPort)}/ws`]),
        ],
        announceFilter: (addresses) => told(addresses, config.externalAddress),
      },
      transports: [tcp(), webSocketTransport()],
      connectionEncrypters: [(components) => withFairReads(noise()(components), onSocket)],
      // mplex is what older Waku nodes have.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      streamMuxers: [yamux(), mplex()],
      connectionManager: {
        maxConnections: config.maxConnections,
        // The package's 5 new connections a second from one host would refuse a local network of nodes.
        inboundConnectionThreshold: config.maxConnections,
        maxIncomingPendingConnections: config.maxConnections,
      },
      connectionMonitor: { pingInterval: PING_INTERVAL_MS, pingTimeout: { minTimeout: PING_INTERVAL_MS } },
      connectionGater: {
        denyDialMultiaddr: () => false,
        denyInboundConnection: (incoming) =>
          node !== undefined && exceedsColocation(node, incoming, config.ipColocationLimit),
      },
      peerDiscovery: config.mdns ? [mdns({ serviceTag: MDNS_SERVICE, interval: MDNS_INTERVAL_MS })] : [],
      services: { identify: identify({ protocolPrefix: 'ipfs' }), ping: ping(), relay: relay(config) },
    });
    await node.start();
    return node;
  } catch (error) {
    await node?.stop();
    throw listenError(error, config);
  }
}

/** The addresses with another host, once each. */
function told(addresses: Multiaddr[], host: string | null): Multiaddr[] {
  if (host === null) return addresses;
  const family = host.includes(':') ? 'ip6' : 'ip4';
  const texts = addresses.map((one) => one.toString().replace(/^\/ip[46]\/[^/]+/, `/${family}/${host}`));
  return [...new Set(texts)].map((text) => multiaddr(text));
}

function exceedsColocation(node: RelayNode, incoming: MultiaddrConnection, limit: number): boolean {
  if (limit === 0) return false;
  const address = hostOf(incoming.remoteAddr.toString());
  const fromThere = node
    .getConnections()
    .filter((one) => one.direction === 'inbound' && hostOf(one.remoteAddr.toString()) === address);
  return fromThere.length >= limit;
}

function hostOf(multiaddr: string): string {
  return multiaddr.split('/')[2] ?? multiaddr;
}

function listenError(error: unknown, { listenAddress, tcpPort, websocketPort }: NodeConfig): WakuDeskError {
  if (error instanceof WakuDeskError) return error;
  const cause = describeDeep(error);
  const port = [tcpPort, websocketPort].filter((one) => one !== null).join(' or ');
  if (cause.includes('EADDRINUSE'))
    return new WakuDeskError('PORT_IN_USE', `Port ${port} on ${listenAddress} is taken.`, {
      operation: 'engine.start',
      hint: 'Choose another port, or 0 for a free one; or end the program that holds it.',
      cause,
    });
  return new WakuDeskError('LISTEN_FAILED', `The node cannot listen on ${listenAddress} port ${port}.`, {
    operation: 'engine.start',
    hint: 'Choose an address of this machine, and a port above 1023 or 0.',
    cause,
  });
}

/** An error's words with those of the errors that it gathers, without the stacks that some quote. */
export function describeDeep(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(describeDeep))].join('; ');
  return describeCause(error)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '))
    .join(' ');
}

/** libp2p's format strings have a letter for each kind of value. */
function filledIn(format: unknown, values: readonly unknown[]): string {
  const rest = values.map(describeDeep);
  const text = typeof format === 'string' ? format : describeDeep(format);
  const filled = text.replace(/%[a-zA-Z]/g, (place) => rest.shift() ?? place);
  return [filled, ...rest].join(' ');
}

/** libp2p's traces are per message; only its errors are kept. */
function errorLogger(onLog: NodeOptions['onLog']): ComponentLogger {
  const forComponent = (name: string): Logger => {
    const nothing = (): void => undefined;
    return Object.assign(nothing, {
      enabled: false,
      trace: nothing,
      error: (format: unknown, ...values: unknown[]) => {
        onLog(name, filledIn(format, values));
      },
      newScope: (scope: string) => forComponent(`${name}:${scope}`),
    });
  };
  return { forComponent };
}
