import { Capture } from './capture.ts';
import { SummaryRing } from './summary-ring.ts';
import { createMessage } from '../waku/message.ts';
import { messageHashText } from '../waku/hash.ts';
import { exportCapture } from './export.ts';
import { importCapture } from './import.ts';
import { randomBytes } from 'node:crypto';
import { rmSync, readdirSync, unlinkSync, statSync, openSync, closeSync, readSync, writeSync } from 'node:fs';
const dir = process.argv[2] ?? '/dev/shm/cap';
const N = Number(process.argv[3] ?? 1e6);
const text = process.argv[4] === 'text';
rmSync(dir, { recursive: true, force: true });
const big = { maxBytes: 8 * 1024 ** 3, segmentBytes: 64 * 1024 * 1024 };
let c = await Capture.open(dir, big);
const pre = Array.from({ length: 512 }, (_, k) => {
  const pubsubTopic = '/waku/2/rs/16/32';
  const message = createMessage({
    payload: text
      ? new Uint8Array(Buffer.from(('hello waku ' + k + ' ').repeat(120)).subarray(0, 1024))
      : new Uint8Array(randomBytes(1024)),
    contentTopic: '/toy-chat/2/room' + (k % 50) + '/proto',
    timestampNs: 1700000000000000000n + BigInt(k),
  });
  return {
    dir: 'in' as const,
    pubsubTopic,
    message,
    hash: messageHashText(pubsubTopic, message),
    receivedNs: 1700000000000000000n + BigInt(k),
    fromPeer: '16Uiu2HAmPLe7Mzm8TsYUubgCAW1aJoeFScxrLj8ppHFivPo97bU' + (k % 6),
  };
});
const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const log = console.log;
let wall0 = performance.now();
console.log = (...a: unknown[]) => {
  log(...a, '[wall ' + ((performance.now() - wall0) | 0) + ']');
  wall0 = performance.now();
};
let t = now();
let worst = 0;
for (let i = 0; i < N; i += 1000) {
  const messages = Array.from({ length: 1000 }, (_, k) => ({ ...pre[(i + k) % 512]! }));
  const u = performance.now();
  await c.append({ messages });
  worst = Math.max(worst, performance.now() - u);
}
let ms = now() - t;
console.log(
  'append/s',
  Math.round((N / ms) * 1000),
  'ms',
  ms | 0,
  'worst batch ms',
  worst | 0,
  'rss MB',
  (process.memoryUsage().rss / 1e6) | 0,
);
t = now();
await c.close();
console.log('close ms', (now() - t) | 0);
t = now();
c = await Capture.open(dir, big);
console.log('open ms', (now() - t).toFixed(1), c.stats().segments, ((c.stats().bytes / 1e6) | 0) + ' MB');
t = now();
const ring = new SummaryRing();
await c.fillRing(ring);
console.log('ring ms', (now() - t).toFixed(1));
t = now();
await c.page(N / 2, 200);
console.log('page(200) ms', (now() - t).toFixed(1));
t = now();
await c.summaries(N - 2000, 2000);
console.log('summaries(2000) ms', (now() - t).toFixed(1));
for (const f of ['content:room7/', 'size>2kb', 'text:abcd']) {
  t = now();
  let n = 0;
  for await (const b of c.scan({ filter: f })) n += b.length;
  console.log('scan', f, n, (now() - t) | 0, 'ms');
}
const ac = new AbortController();
t = 0;
const it = (async () => {
  for await (const _ of c.scan({ filter: 'text:abcd', signal: ac.signal }));
})();
setTimeout(() => {
  t = performance.now();
  ac.abort();
}, 500);
await it.catch((e) => console.log('cancel', e.code, (performance.now() - t).toFixed(1), 'ms'));
await c.close();
// crash: no index on last, full last segment
const segs = readdirSync(dir)
  .filter((x) => x.endsWith('.index'))
  .sort();
unlinkSync(dir + '/' + segs[segs.length - 1]);
t = now();
c = await Capture.open(dir, big);
console.log(
  'open after crash ms',
  (now() - t).toFixed(1),
  c.stats().rebuiltIndexes,
  'last seg MB',
  (statSync(dir + '/' + segs[segs.length - 1]!.replace('.index', '.ndjson')).size / 1e6) | 0,
);
await c.close();
for (const s of segs) unlinkSync(dir + '/' + s);
t = now();
c = await Capture.open(dir, big);
console.log('open, all indexes missing ms', (now() - t).toFixed(0), c.stats().rebuiltIndexes);
if (N <= 200000) {
  t = now();
  await exportCapture(c, dir + '.ndjson');
  console.log('export ndjson', N, (now() - t) | 0, 'ms');
  t = now();
  await exportCapture(c, dir + '.csv', { format: 'csv' });
  console.log('export csv', (now() - t) | 0, 'ms');
  rmSync(dir + '.new', { recursive: true, force: true });
  t = now();
  const r = await importCapture(dir + '.ndjson', dir + '.new', { maxBytes: 8 * 1024 ** 3 });
  console.log('import', (now() - t) | 0, 'ms', r.messages, r.badCount);
  rmSync(dir + '.new', { recursive: true });
  rmSync(dir + '.ndjson');
  rmSync(dir + '.csv');
}
await c.close();
rmSync(dir, { recursive: true });
