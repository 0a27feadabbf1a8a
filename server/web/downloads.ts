/** Exported files as downloads: a ticket for each, good once and for a minute, for who has the cookie. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { exportCapture } from '../../core/capture/export.ts';
import { DOWNLOADS_PATH } from '../../core/operations/web-paths.ts';
import type { CaptureExport } from '../handlers/export-options.ts';
import { refuse } from './responses.ts';

const TICKET_MS = 60_000;
const MAX_TICKETS = 100;
const MAX_DOWNLOADS = 4;
/** The largest capture as text takes less. */
const MAX_BYTES = 8 * 1024 ** 3;
/** A browser that does not take a byte for so long is gone. */
const STALLED_MS = 60_000;

export class Downloads {
  readonly #tickets = new Map<string, { export: CaptureExport; untilMs: number }>();
  readonly #maxBytes: number;
  #running = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** @returns the address of the download, on this host */
  offer(wanted: CaptureExport): string {
    const nowMs = Date.now();
    for (const [ticket, { untilMs }] of this.#tickets)
      if (untilMs < nowMs || this.#tickets.size >= MAX_TICKETS) this.#tickets.delete(ticket);
    const ticket = randomBytes(16).toString('base64url');
    this.#tickets.set(ticket, { export: wanted, untilMs: nowMs + TICKET_MS });
    return DOWNLOADS_PATH + ticket;
  }

  /** The caller has checked the cookie. A failure on the way breaks the connection off, so that no file looks whole. */
  async send(ticket: string, response: ServerResponse): Promise<void> {
    const offered = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (offered === undefined || offered.untilMs < Date.now()) {
      refuse(response, 404, 'This download is over: export again.');
      return;
    }
    if (this.#running >= MAX_DOWNLOADS) {
      refuse(response, 503, 'Too many downloads at once: wait for one to end, and export again.');
      return;
    }
    this.#running++;
    try {
      await this.#stream(offered.export, response);
    } catch {
      response.destroy();
    } finally {
      this.#running--;
    }
  }

  async #stream({ capture, options, fileName }: CaptureExport, response: ServerResponse): Promise<void> {
    const controller = new AbortController();
    response.once('close', () => {
      controller.abort();
    });
    response.setTimeout(STALLED_MS, () => {
      response.destroy();
    });
    const isCsv = options.format === 'csv';
    response.setHeader(
      'Content-Type',
      isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    );
    response.setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
    const target = boundedTarget(response, this.#maxBytes);
    await exportCapture(capture, target, { ...options, signal: controller.signal });
    response.end();
  }
}

/** Not a pipeline: a stream that is destroyed forgets to answer the write under way, and the export would wait for it. */
function boundedTarget(response: ServerResponse, maxBytes: number): Writable {
  let bytes = 0;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new Error(`The download is larger than ${maxBytes} bytes.`));
      else
        written(response, chunk).then(() => {
          done();
        }, done);
    },
  });
}

/** Resolves when more may come. */
async function written(response: ServerResponse, chunk: Buffer): Promise<void> {
  if (response.write(chunk)) return;
  await new Promise<void>((resolve, reject) => {
    const end = (error?: Error): void => {
      response.off('drain', end);
      response.off('close', gone);
      if (error === undefined) resolve();
      else reject(error);
    };
    const gone = (): void => {
      end(new Error('The browser went away.'));
    };
    response.on('drain', end);
    response.on('close', gone);
    if (response.destroyed) gone();
  });
}
