/**
 * node beside-cmd-waku.ts <library> <log file> <cmd/waku> <messages>: a node and go-waku's own program exchange messages
 * of all kinds both ways, then a light client uses that program's services; prints what came.
 */
import { writeSync } from 'node:fs';
import { startCmdWaku, type CmdWakuMessage } from '../../../e2e/cmd-waku/cmd-waku.ts';
import { eventually, hashesInLog, inFlight, openProcess, Session, TOPIC } from './session.ts';

const [libraryPath = '', logPath = '', binaryPath = '', countText = '2000'] = process.argv.slice(2);
const count = Number(countText);
const own = await openProcess(libraryPath, logPath);
const other = await startCmdWaku(binaryPath, {
  clusterId: 16,
  shards: [32],
  extraArgs: ['--filter', '--lightpush'],
});

interface Sample {
  payload: Buffer;
  contentTopic: string;
  timestamp: bigint;
  version: number;
  ephemeral: boolean;
  meta: Buffer;
}

const CONTENT_TOPICS = ['/test/1/a/proto', '/prüfung/1/ä/proto', '/quoted/1/"b"\\/json'];
const text = (words: string): Buffer => Buffer.from(words);
/** Payloads of all kinds; the largest that the relay takes is tried beside them. */
const KINDS: ((index: number) => Buffer)[] = [
  () => Buffer.of(0),
  (index) => text(`text ${index} with ünïcödé 🙂 and "quotes"`),
  (index) => text(JSON.stringify({ index, nested: [null, { a: '\\' }] })),
  () => Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  (index) => Buffer.alloc(1_024, index),
  (index) => Buffer.alloc(index % 100 === 5 ? 100 * 1_024 : 10 * 1_024, index),
];
const firstTimestamp = BigInt(Date.now()) * 1_000_000n;

function sample(index: number): Sample {
  return {
    payload: (KINDS[index % KINDS.length] ?? KINDS[0])?.(index) ?? Buffer.of(1),
    contentTopic: CONTENT_TOPICS[index % CONTENT_TOPICS.length] ?? '',
    timestamp: firstTimestamp + BigInt(index),
    version: index % 3,
    ephemeral: index % 4 === 0,
    meta: Buffer.alloc(index % 65, index),
  };
}

/** One text that differs when anything in the message differs. */
function fingerprint(message: Sample): string {
  const { payload, contentTopic, timestamp, version, ephemeral, meta } = message;
  return [
    timestamp,
    version,
    ephemeral,
    contentTopic,
    payload.toString('base64'),
    meta.toString('base64'),
  ].join(' ');
}

function ofRest(message: CmdWakuMessage): Sample {
  return {
    payload: Buffer.from(message.payload),
    contentTopic: message.contentTopic,
    timestamp: message.timestampNs ?? 0n,
    version: message.version ?? 0,
    ephemeral: message.ephemeral ?? false,
    meta: Buffer.from(message.meta ?? []),
  };
}

function ofEvents(node: Session): Sample[] {
  return node.messages().map(({ wakuMessage: message }) => ({
    payload: Buffer.from(message.payload, 'base64'),
    contentTopic: message.contentTopic,
    timestamp: BigInt(message.timestamp),
    version: message.version,
    ephemeral: message.ephemeral,
    meta: Buffer.from(message.meta, 'base64'),
  }));
}

function missing(wanted: Sample[], got: Sample[]): number {
  const prints = new Set(got.map(fingerprint));
  return wanted.filter((message) => !prints.has(fingerprint(message))).length;
}

const samples = Array.from({ length: 2 * count }, (_, index) => sample(index));
const [toOther, toNode] = [samples.slice(0, count), samples.slice(count)];
const node = await Session.start(own);
await node.join(other.multiaddr);

// cmd/waku drops what comes while 32 messages wait for its validators.
const BATCH = 25;
const gotByOther: Sample[] = [];
for (let sent = 0; sent < count; sent += BATCH) {
  const batch = toOther.slice(sent, sent + BATCH);
  await inFlight(batch.length, 8, async (index) => {
    const { payload, timestamp, meta, ...rest } = batch[index] ?? sample(index);
    await node.publish(payload, { ...rest, timestamp: String(timestamp), meta: meta.toString('base64') });
  });
  await eventually('all messages at cmd/waku', async () => {
    gotByOther.push(...(await other.messages(TOPIC)).map(ofRest));
    return gotByOther.length >= sent + batch.length;
  });
}

await inFlight(count, 4, async (index) => {
  const { payload, timestamp, meta, ...rest } = toNode[index] ?? sample(index);
  await other.publish(TOPIC, { ...rest, payload, timestampNs: timestamp, ...(meta.length > 0 && { meta }) });
});
await eventually('all messages at libgowaku', () => node.messages().length >= 2 * count);
const [sentLines, receivedLines] = [
  await hashesInLog(logPath, 'sent'),
  await hashesInLog(logPath, 'received'),
];

const light = await Session.start(own, { relay: false });
await light.call('waku_connect', other.multiaddr, 10_000);
await light.call('waku_filter_subscribe', TOPIC, '/test/1/light/proto');
const pushed = await light.call(
  'waku_lightpush_publish',
  TOPIC,
  JSON.stringify({
    payload: 'bGlnaHQ=',
    contentTopic: '/test/1/light/proto',
    timestamp: String(firstTimestamp),
  }),
);
await eventually('the pushed message by filter', () =>
  light.messages().some((event) => event.via === 'filter'),
);
// It takes one request per second.
await new Promise((resolve) => setTimeout(resolve, 1_200));
await light.call('waku_filter_unsubscribe_all');

const result = {
  missingAtOther: missing(toOther, gotByOther),
  missingAtNode: missing(toNode, ofEvents(node)),
  sentLines: new Set(sentLines).size,
  receivedLines: new Set(receivedLines).size,
  pushed: light.messages()[0]?.messageHash === pushed,
  failures: [...node.failures, ...light.failures].map(String),
  closed: [await light.close(), await node.close()],
};
await other.stop();
writeSync(own.stdout, JSON.stringify(result));
