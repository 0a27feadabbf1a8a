/**
 * The process of one probe: loads a node library, creates a node that never listens, asks it for its version. What
 * the library does to this process hurts nobody else. It never outlives who asked.
 */
import { asWakuDeskError } from '../../core/engine/errors.ts';
import { loadBridge, redirectOutput } from '../ffi/bridge-library.ts';
import { NativeBridge } from '../ffi/native-bridge.ts';
import type { BridgeRecord, LoadedRecord, ReplyRecord } from '../ffi/records.ts';
import { orderSchema, type ProbeOrder, type ProbeTell, type Stage, type ToldResult } from './protocol.ts';

const LOG_BYTES = 1 << 20;

/** What a utility process of Electron has instead of Node's channel; it ends with its parent by itself. */
interface ParentPort {
  once(event: 'message', listener: (message: { data: unknown }) => void): void;
  postMessage(value: unknown): void;
}
const parentPort = Reflect.get(process, 'parentPort') as ParentPort | undefined;

if (parentPort !== undefined)
  parentPort.once('message', ({ data }) => {
    void run(data);
  });
process.once('message', (value) => {
  void run(value);
});
process.once('disconnect', () => {
  process.exit(0);
});

async function run(value: unknown): Promise<void> {
  // The parent ends this process when it has the result: destroying a young node takes libwaku seconds.
  tell({ result: await probe(orderSchema.parse(value)) });
}

async function probe({ bridge, library, log, config }: ProbeOrder): Promise<ToldResult> {
  try {
    const functions = await loadBridge(bridge);
    if (library === null) return { outcome: 'bridged' };
    redirectOutput(functions, log, LOG_BYTES);
    return await ask(functions, library, config);
  } catch (error) {
    const known = asWakuDeskError(error, {
      code: 'ENGINE_FAILED',
      operation: 'native.probe',
      hint: 'See the cause: this is a defect of Waku Desk.',
    });
    return { outcome: 'untried', error: known.toData() };
  }
}

async function ask(
  functions: Awaited<ReturnType<typeof loadBridge>>,
  libraryPath: string,
  config: object,
): Promise<ToldResult> {
  const records: BridgeRecord[] = [];
  let heard: () => void = () => undefined;
  enter('load');
  const bridge = new NativeBridge(functions, {
    libraryPath,
    onRecords(batch) {
      records.push(...batch);
      heard();
    },
    onError(error) {
      throw error;
    },
  });
  const find = async <T extends BridgeRecord>(matches: (record: BridgeRecord) => record is T): Promise<T> => {
    for (;;) {
      const found = records.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (heard = resolve));
    }
  };
  const call = async (name: Stage, id: number, ...args: string[]): Promise<ReplyRecord | null> => {
    enter(name);
    const status = bridge.submit(name === 'create' ? 'waku_new' : 'waku_version', id, args);
    if (status !== 'OK') return null;
    return find((record): record is ReplyRecord => record.kind === 'reply' && record.callId === id);
  };

  const loaded = await find((record): record is LoadedRecord => record.kind === 'loaded');
  if (!loaded.ok) return { outcome: 'refused', reason: loaded.reason };
  const { generation, missing } = loaded;
  const created = await call('create', 1, JSON.stringify(config));
  const told = created?.ret === 0 ? await call('version', 2) : null;
  return { outcome: 'usable', generation, missing, version: told?.ret === 0 ? told.text : null };
}

function enter(stage: Stage): void {
  tell({ stage });
}

function tell(message: ProbeTell): void {
  if (parentPort === undefined) process.send?.(message, undefined, undefined, () => undefined);
  else parentPort.postMessage(message);
}
