/** For tests: a bridge with a fixture behind it, and everything that it has told. */
import { bridgePath, buildBridge, BuildError, buildFixtures, fixturePath } from '../build.mjs';
import type { Argument } from './arguments.ts';
import { loadBridge } from './bridge-library.ts';
import { NativeBridge, type NativeBridgeOptions } from './native-bridge.ts';
import type { BridgeRecord, ReplyRecord } from './records.ts';

export const TOPIC = '/waku/2/rs/66/0';

/** Builds what the tests load. Returns why that is not possible here, or undefined. */
export async function prepare(): Promise<string | undefined> {
  try {
    await import('koffi');
  } catch {
    return 'koffi is not installed for this system';
  }
  try {
    await buildBridge();
    await buildFixtures();
    return undefined;
  } catch (error) {
    if (error instanceof BuildError && error.message.startsWith('no C compiler')) return error.message;
    throw error;
  }
}

export class FixtureSession {
  readonly records: BridgeRecord[] = [];
  readonly errors: unknown[] = [];
  readonly bridge: NativeBridge;
  #nextId = 1;
  readonly #waiting = new Set<() => void>();

  private constructor(
    library: Awaited<ReturnType<typeof loadBridge>>,
    generation: Parameters<typeof fixturePath>[0],
    options: Partial<NativeBridgeOptions>,
  ) {
    this.bridge = new NativeBridge(library, {
      libraryPath: fixturePath(generation),
      keepOutput: true,
      onRecords: (records) => {
        for (const record of records)
          this.records.push(record.kind === 'event' ? { ...record, bytes: record.bytes.slice() } : record);
        for (const check of this.#waiting) check();
      },
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  static async open(
    generation: Parameters<typeof fixturePath>[0] = 'b',
    options: Partial<NativeBridgeOptions> = {},
  ): Promise<FixtureSession> {
    return new FixtureSession(await loadBridge(bridgePath()), generation, options);
  }

  /** Opens and creates a node told to behave like that. */
  static async start(
    fixture: object,
    generation: Parameters<typeof fixturePath>[0] = 'b',
    options: Partial<NativeBridgeOptions> = {},
  ): Promise<FixtureSession> {
    const session = await FixtureSession.open(generation, options);
    await session.find((record) => record.kind === 'loaded');
    const { ret, text } = await session.call('waku_new', JSON.stringify({ fixture }));
    if (ret !== 0) throw new Error(text);
    return session;
  }

  /** The first record of that kind, now or later. */
  find<T extends BridgeRecord>(matches: (record: BridgeRecord) => record is T): Promise<T>;
  find(matches: (record: BridgeRecord) => boolean): Promise<BridgeRecord>;
  find(matches: (record: BridgeRecord) => boolean): Promise<BridgeRecord> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = this.records.find(matches);
        if (found === undefined) return;
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Submits a call and returns its id. */
  submit(name: string, ...args: Argument[]): number {
    const id = this.#nextId++;
    const status = this.bridge.submit(name, id, args);
    if (status !== 'OK') throw new Error(`${name}: ${status}`);
    return id;
  }

  call(name: string, ...args: Argument[]): Promise<ReplyRecord> {
    const id = this.submit(name, ...args);
    return this.find((record): record is ReplyRecord => record.kind === 'reply' && record.callId === id);
  }

  count(kind: BridgeRecord['kind']): number {
    return this.records.filter((record) => record.kind === kind).length;
  }
}
