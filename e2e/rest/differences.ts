/** Where our answers differ from the recorded ones, and are meant to: what stands here instead has to be the answer. */
import type { Recorded } from './recorded.ts';

export interface Difference {
  why: string;
  /** Instead of what was recorded. */
  ours: Partial<Pick<Recorded, 'status' | 'contentType' | 'response' | 'peerMessages' | 'ownMessages'>>;
}

const TEXT = 'text/plain';
const UNDECODABLE = 'Invalid content body, could not decode: Unable to deserialize data: ';
const refused = (response: string, more: Difference['ours'] = {}): Difference['ours'] => ({
  status: 400,
  contentType: TEXT,
  response,
  ...more,
});
const message = (payload: string, contentTopic: string, timestamp: string): string =>
  `[{"payload":"${payload}","contentTopic":"${contentTopic}","version":0,"timestamp":${timestamp},"ephemeral":false,"proof":""}]`;

const DIES: Difference = {
  why: 'a negative version ends wakunode2; here it is refused',
  ours: refused(UNDECODABLE),
};
const META: Difference = {
  why: 'meta of more than 64 bytes is taken and dropped by wakunode2; here it is refused',
  ours: refused('Failed to publish: META_TOO_LARGE: <words>'),
};
const EXPONENT = 'wakunode2 loses the exponent of a number; here it counts';

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'publish.version.-1': DIES,
  'publish.version.raw.-5': DIES,
  'auto.publish.version.-1': DIES,
  'publish.meta.65bytes': META,
  'publish.meta.1000bytes': META,
  'auto.publish.meta.65': META,
  'publish.size.153600-64': {
    why: 'wakunode2 takes it and sends it to nobody; here it is refused',
    ours: refused('Failed to publish: Message size exceeded maximum of 153600 bytes', { ownMessages: '[]' }),
  },
  'health.origin': {
    why: 'pages may not call unless --rest-allow-origin names them',
    ours: { status: 403, contentType: TEXT, response: '<words>' },
  },
  'get.contentTopic.backslash': {
    why: 'a backslash makes the JSON of wakunode2 invalid; here it is escaped',
    ours: {
      peerMessages: message('eA==', 'C:\\\\Windows', '<ns>'),
      ownMessages: message('eA==', 'C:\\\\Windows', '<ns>'),
    },
  },
  'publish.timestamp.raw.exp': {
    why: EXPONENT,
    ours: {
      peerMessages: message('YQ==', '/a/1/b/c', '1000'),
      ownMessages: message('YQ==', '/a/1/b/c', '1000'),
    },
  },
  // No duplicate of the one before, then.
  'publish.timestamp.raw.expInt': {
    why: EXPONENT,
    ours: { peerMessages: message('YQ==', '/a/1/b/c', '1') },
  },
  'clean.admin.peers/connected/on/0': {
    why: 'wakunode2 shows no peers though they are connected and on the shard; here they are shown',
    ours: {
      response:
        '[{"multiaddr":"","protocols":[],"shards":[],"connected":"Connected","agent":"","origin":"UnknownOrigin"}]',
    },
  },
};

/** `/health` as of a node whose protocols are not all of wakunode2's. */
function health(
  mounted: Readonly<Record<string, string>>,
  why: string,
): Readonly<Record<string, Difference>> {
  const states = (relay: string): Difference => {
    const all = Object.entries({ Relay: relay, ...NEVER_MOUNTED, ...mounted });
    return {
      why,
      ours: {
        response: JSON.stringify({
          nodeHealth: 'READY',
          protocolsHealth: HEALTH_ORDER.map((name) =>
            Object.fromEntries(all.filter(([one]) => one === name)),
          ),
        }),
      },
    };
  };
  return {
    'node.health': states('NOT_READY'),
    'health.query': states('READY'),
    'nodeConnected.health': states('READY'),
    'afterDeath.health': states('READY'),
    'peerGone.health': states('NOT_READY'),
  };
}

const NOT_MOUNTED = 'NOT_MOUNTED';
const HEALTH_ORDER = [
  'Relay',
  'Rln Relay',
  'Lightpush',
  'Legacy Lightpush',
  'Filter',
  'Store',
  'Legacy Store',
  'Peer Exchange',
  'Rendezvous',
  'Mix',
  'Lightpush Client',
  'Legacy Lightpush Client',
  'Store Client',
  'Legacy Store Client',
  'Filter Client',
] as const;
const NEVER_MOUNTED = Object.fromEntries(HEALTH_ORDER.slice(1).map((name) => [name, NOT_MOUNTED]));
const NO_EXCHANGE =
  'peer exchange, rendezvous and the clients of older protocols are not mounted, and health says so';

const unsupported = (code: string, why: string): Difference['ours'] => ({
  status: 501,
  contentType: TEXT,
  response: `${code}: ${why}`,
});

/** An engine without filter and lightpush. */
function noLightClient(why: string, code: string, reason: string): Readonly<Record<string, Difference>> {
  const inJson = { status: 501, contentType: 'application/json' };
  return {
    'filter.notMounted': {
      why,
      ours: { ...inJson, response: `{"requestId":"1","statusDesc":"${code}: ${reason}"}` },
    },
    'lightpush.notMounted': { why, ours: unsupported(code, reason) },
    'lightpush3.notMounted': { why, ours: { ...inJson, response: `{"statusDesc":"${code}: ${reason}"}` } },
  };
}

const NO_SERVICE = 'the embedded engine has no filter, lightpush and store, and says so';

export const JS_DIFFERENCES: Readonly<Record<string, Difference>> = {
  ...health({}, `${NO_EXCHANGE}; neither are filter, lightpush and store`),
  'store.notMounted': {
    why: NO_SERVICE,
    ours: unsupported('UNSUPPORTED', 'The embedded engine relays only; nwaku and go-waku query stores.'),
  },
  ...noLightClient(
    NO_SERVICE,
    'UNSUPPORTED',
    'The embedded engine relays only; go-waku has filter and lightpush.',
  ),
};

export const NWAKU_DIFFERENCES = {
  ...noLightClient(
    'filter and lightpush are disabled in the nwaku build, and it says so',
    'LIGHT_CLIENT_DISABLED',
    'The nwaku build relays only: filter and lightpush are disabled in it. The go-waku build has them.',
  ),
  ...health({ 'Store Client': 'NOT_READY' }, `${NO_EXCHANGE}; neither are filter and lightpush`),
};

export const GO_WAKU_DIFFERENCES: Readonly<Record<string, Difference>> = {
  ...health(
    { 'Lightpush Client': 'NOT_READY', 'Store Client': 'NOT_READY', 'Filter Client': 'NOT_READY' },
    NO_EXCHANGE,
  ),
  'publish.peerResubscribed': {
    why: 'what was sent while the topic was not subscribed does not come by gossip from go-waku',
    ours: { peerMessages: message('eQ==', '/test/1/waku-relay/proto', '<ns>') },
  },
};

/** Fields that answers of the engine go-waku have not. */
export const GO_WAKU_WITHOUT = { score: 'go-waku keeps the scores of gossipsub to itself' };
