/** A fixture, for tests: prints numbered lines on descriptor 1, which belongs to node.log, and says what was heard. */
import { writeSync } from 'node:fs';
import { delay } from '../../core/engine/deadline.ts';
import { bridgePath } from '../../native/build.mjs';
import { loadBridge } from '../../native/ffi/bridge-library.ts';
import { movedOutput, NodeLog } from './node-log.ts';

const [, , path = '', lines = '0', pauseMs = '0'] = process.argv;
const count = Number(lines);
/** Long ones where there are few: they fill files. */
const fill = count < 1_000 ? 'x'.repeat(1_000_000) : '';

const log = NodeLog.of(await loadBridge(bridgePath()), path);
const heard: number[] = [];
const stop = log.onLines((told) => {
  for (const line of told) heard.push(Number.parseInt(line, 10));
});
for (let n = 0; n < count; n++) {
  writeSync(1, `${String(n)} ${fill}\n`);
  if (Number(pauseMs) > 0) await delay(Number(pauseMs));
}
log.read();
stop();
const moved = movedOutput();
const result = {
  heard: heard.length,
  inOrder: heard.every((n, index) => n === index),
  moved: moved !== null,
};
writeSync(moved?.stdout ?? 1, JSON.stringify(result));
