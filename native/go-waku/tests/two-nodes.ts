/** node two-nodes.ts <library> <log file> <messages>: two nodes in one process exchange messages; prints what came. */
import { writeSync } from 'node:fs';
import { eventually, hashesInLog, inFlight, openProcess, Session } from './session.ts';

const [libraryPath = '', logPath = '', countText = '200'] = process.argv.slice(2);
const count = Number(countText);
const own = await openProcess(libraryPath, logPath);
const [a, b] = [await Session.start(own), await Session.start(own)];
await a.join(await b.address());
await b.join(await a.address());

const hashes: string[] = [];
const began = performance.now();
const sizeBytes = 1_024;
await inFlight(count, 32, async (index) => {
  const [from, payload] = [index % 2 === 0 ? a : b, Buffer.alloc(sizeBytes, index)];
  payload.writeUInt32LE(index);
  hashes.push(await from.publish(payload));
});
const seconds = (performance.now() - began) / 1_000;
// Each has the other's half and the echo of its own.
await eventually('all messages', () => a.messages().length >= count && b.messages().length >= count);
const same = (list: string[]): boolean => [...list].sort().join() === [...hashes].sort().join();
const result = {
  perSecond: Math.round(count / seconds),
  events: [a, b].map((node) => same(node.messages().map((event) => event.messageHash))),
  sentLines: same(await hashesInLog(logPath, 'sent')),
  receivedLines: same(await hashesInLog(logPath, 'received')),
  failures: [...a.failures, ...b.failures].map(String),
  closed: [await a.close(), await b.close()],
};
writeSync(own.stdout, JSON.stringify(result));
