/** Finds the messages of a capture that a filter matches, in a worker thread. */
import { Worker } from 'node:worker_threads';
import { WakuDeskError } from '../engine/errors.ts';
import { parseFilterOrThrow } from '../filter/filter.ts';
import { encodeIndex } from './index-file.ts';
import type { ScanCounts, ScanDirection, ScanReply, ScanRequest, ScanSegment } from './scan-protocol.ts';
import type { Segment } from './segment.ts';
import type { SegmentStore } from './segment-store.ts';

/** Beyond this the thread ends with an error instead of the process. Rows are not on the heap. */
const MAX_HEAP_MIB = 1024;

export interface ScanOptions {
  /** In the filter language of core/filter; empty matches everything. */
  filter?: string;
  /** Unix ms that relative times in the filter start from; now by default. */
  nowMs?: number;
  /** Both included; everything that is there when the scan begins by default. */
  fromSeq?: number;
  toSeq?: number;
  /** `backward`: the newest first. */
  direction?: ScanDirection;
  /** Ends after this many matches. */
  limit?: number;
  signal?: AbortSignal;
  /** Called about twenty times a second, and at the end. */
  onProgress?: (progress: ScanProgress) => void;
}

export interface ScanProgress extends ScanCounts {
  /** Messages to look at. */
  total: number;
}

/**
 * Yields the numbers of matching messages in the order of the scan, in batches. The worker waits when its
 * batches are not taken. Messages removed meanwhile are left out, messages appended meanwhile too.
 * @throws WakuDeskError FILTER_INVALID; CANCELLED through the signal, at once; FILE_FAILED when a file cannot be
 *   read or the worker broke
 */
export async function* scan(
  store: SegmentStore,
  options: ScanOptions,
  workerUrl = scanWorkerUrl(import.meta.url),
): AsyncGenerator<number[], void> {
  // Before any thread is started.
  parseFilterOrThrow(options.filter ?? '');
  if (options.signal?.aborted === true) throw cancelled();
  const { request, total } = requestOf(store, options);
  const replies = new Replies(workerUrl, request, options.signal);
  const taken = new Int32Array(request.taken);
  try {
    for (;;) {
      const reply = await replies.next();
      if (reply.type === 'failed') throw WakuDeskError.fromData(reply.error);
      if (reply.type === 'batch') {
        yield Array.from(reply.seqs);
        Atomics.add(taken, 0, 1);
        Atomics.notify(taken, 0);
        continue;
      }
      options.onProgress?.({ scanned: reply.scanned, matched: reply.matched, total });
      if (reply.type === 'done') return;
    }
  } finally {
    await replies.close();
  }
}

/** The worker's replies as a queue, which the worker's own bound keeps short. */
class Replies {
  private readonly worker: Worker;
  private readonly signal: AbortSignal | undefined;
  private readonly queue: ScanReply[] = [];
  private failure: WakuDeskError | null = null;
  private wake: () => void = () => undefined;

  constructor(workerUrl: URL, request: ScanRequest, signal: AbortSignal | undefined) {
    this.signal = signal;
    this.worker = new Worker(workerUrl, {
      workerData: request,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    this.worker.on('message', (reply: ScanReply) => {
      this.queue.push(reply);
      this.wake();
    });
    this.worker.on('error', (error) => {
      this.fail(workerBroke(error));
    });
    this.worker.on('exit', (exitCode) => {
      this.fail(workerBroke(new Error(`the thread ended with ${String(exitCode)}`)));
    });
    signal?.addEventListener('abort', this.onAbort);
  }

  async next(): Promise<ScanReply> {
    for (;;) {
      if (this.signal?.aborted === true) throw cancelled();
      const reply = this.queue.shift();
      if (reply !== undefined) return reply;
      if (this.failure !== null) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.onAbort);
    await this.worker.terminate();
  }

  private readonly onAbort = (): void => {
    this.wake();
  };

  private fail(error: WakuDeskError): void {
    this.failure ??= error;
    this.wake();
  }
}

/** Beside the source when run from source, beside the bundle when bundled: there it is scan-worker.js. */
export function scanWorkerUrl(moduleUrl: string): URL {
  return new URL(moduleUrl.endsWith('.ts') ? './scan-worker.ts' : './scan-worker.js', moduleUrl);
}

function requestOf(store: SegmentStore, options: ScanOptions): { request: ScanRequest; total: number } {
  const fromSeq = Math.max(options.fromSeq ?? 1, store.firstSeq);
  const toSeq = Math.min(options.toSeq ?? Infinity, store.nextSeq - 1);
  const direction = options.direction ?? 'forward';
  const segments = store.between(fromSeq, toSeq).map(segmentOf);
  if (direction === 'backward') segments.reverse();
  const request: ScanRequest = {
    dir: store.dir,
    captureId: store.captureId,
    segments,
    filter: options.filter ?? '',
    nowMs: options.nowMs ?? Date.now(),
    fromSeq,
    toSeq,
    direction,
    limit: options.limit ?? Infinity,
    taken: new SharedArrayBuffer(4),
  };
  return { request, total: Math.max(0, toSeq - fromSeq + 1) };
}

function segmentOf({ firstSeq, captureId, resident }: Segment): ScanSegment {
  if (resident === null) return { firstSeq, index: null };
  const identity = { captureId, firstSeq, segmentBytes: resident.segmentBytes, tailHash: '' };
  return { firstSeq, index: Buffer.concat(encodeIndex(resident, identity)) };
}

function cancelled(): WakuDeskError {
  return new WakuDeskError('CANCELLED', 'the scan was cancelled', {
    operation: 'capture.scan',
    hint: 'Start it again.',
  });
}

function workerBroke(error: unknown): WakuDeskError {
  return new WakuDeskError('FILE_FAILED', 'the thread that scans the capture broke', {
    operation: 'capture.scan',
    hint: 'Try again; if it stays so, report it.',
    cause: error,
  });
}
