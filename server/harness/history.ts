/** Every message of the list, wherever it is: the newest rows in memory, the rest in the capture. */
import type { Capture } from '../../core/capture/capture.ts';
import type { StoredMessage } from '../../core/capture/records.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { parseFilterOrThrow } from '../../core/filter/filter.ts';
import type { MessageDetails, MessageRow } from '../../core/operations/message-values.ts';
import type { Answers, CheckedRequests, Progress } from '../../core/operations/operations.ts';
import type { Session } from '../../core/session/session.ts';
import type { LiveMessage, LiveState } from '../../core/session/types.ts';
import { messageHashText } from '../../core/waku/hash.ts';
import { Places } from './places.ts';
import { filterRowOf } from './rows.ts';
import { Uncaptured } from './uncaptured.ts';

type SearchOperation = 'messages.search';
type Search = CheckedRequests[SearchOperation];

const NO_PAYLOAD = new Uint8Array(0);
/** Payloads of one answer: a frame has a bound, and one message alone may have 16 MiB. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
/** Rows of memory that are looked at in one turn. */
const ROWS_PER_TURN = 5_000;

export class History {
  readonly places: Places;
  readonly #summaries: Session['summaries'];
  readonly #capture: Capture | null;
  readonly #uncaptured = new Uncaptured();

  /** Before the session takes its first message: what the capture holds now is from before it. */
  constructor(summaries: Session['summaries'], capture: Capture | null) {
    this.#summaries = summaries;
    this.#capture = capture;
    this.places = new Places(capture?.stats().nextSeq ?? 1);
  }

  add(messages: readonly LiveMessage[], states: readonly LiveState[]): void {
    for (const message of messages) {
      this.places.add(message.position, message.seq);
      this.#uncaptured.add(message);
    }
    for (const state of states) this.#uncaptured.addState(state);
  }

  /** The oldest position that can be read. */
  get first(): number {
    const { first } = this.#summaries;
    if (this.#capture === null) return first;
    return Math.min(first, this.places.positionOf(this.#capture.stats().firstSeq) ?? first);
  }

  /** The position that the next message gets. */
  get next(): number {
    return this.#summaries.last + 1;
  }

  /** In the order asked for; those that are gone are left out. */
  async rows(positions: readonly number[]): Promise<MessageRow[]> {
    const found = new Map<number, MessageRow>();
    const stored = new Map<number, number>();
    for (const position of positions) {
      const summary = this.#summaries.at(position);
      const seq = summary === undefined ? this.places.seqOf(position) : null;
      if (summary !== undefined) found.set(position, { ...summary, position });
      else if (seq !== null) stored.set(seq, position);
    }
    const seqs = [...stored.keys()].sort((a, b) => a - b);
    if (seqs.length > 0)
      for (const summary of (await this.#capture?.summariesOf(seqs)) ?? []) {
        const position = summary.seq === null ? undefined : stored.get(summary.seq);
        if (position !== undefined) found.set(position, { ...summary, position });
      }
    return positions.flatMap((position) => found.get(position) ?? []);
  }

  /** @throws WakuDeskError MESSAGE_GONE when the message is no longer there */
  async details(position: number): Promise<MessageDetails> {
    const [row] = await this.rows([position]);
    if (row === undefined)
      throw new WakuDeskError('MESSAGE_GONE', 'This message is no longer there.', {
        operation: 'messages.details',
        hint: 'The capture removed it to keep within its size; choose a newer one.',
      });
    return this.#detailsOf(row, await this.#storedOf([row]));
  }

  /** In the order asked for; `rest` is what {@link MAX_READ_BYTES} left over. */
  async read(positions: readonly number[]): Promise<Answers['messages.read']> {
    const rows = await this.rows(positions);
    let bytes = 0;
    const cut = rows.findIndex(({ payloadBytes }, i) => (bytes += payloadBytes) > MAX_READ_BYTES && i > 0);
    const read = cut === -1 ? rows : rows.slice(0, cut);
    const stored = await this.#storedOf(read);
    return {
      messages: read.map((row) => this.#detailsOf(row, stored)),
      rest: rows.slice(read.length).map(({ position }) => position),
    };
  }

  /** What the capture has of these, by sequence number. */
  async #storedOf(rows: readonly MessageRow[]): Promise<Map<number, StoredMessage>> {
    const seqs = rows.flatMap(({ seq }) => seq ?? []).sort((a, b) => a - b);
    const found = seqs.length === 0 ? [] : ((await this.#capture?.messagesOf(seqs)) ?? []);
    return new Map(found.map((message) => [message.seq, message]));
  }

  #detailsOf(row: MessageRow, stored: ReadonlyMap<number, StoredMessage>): MessageDetails {
    const whole = (row.seq === null ? undefined : stored.get(row.seq)) ?? this.#uncaptured.get(row.position);
    return {
      row,
      message: whole?.message ?? null,
      computedHash: whole === undefined ? null : messageHashText(row.pubsubTopic, whole.message),
      states: (whole?.states ?? []).map(({ atNs, delivery }) => ({ atNs, delivery })),
    };
  }

  /** Matching positions, newest first. @throws WakuDeskError FILTER_INVALID, CANCELLED */
  async search(
    search: Search,
    signal: AbortSignal,
    onProgress: (progress: Progress[SearchOperation]) => void,
  ): Promise<Answers[SearchOperation]> {
    const before = Math.min(search.before ?? Infinity, this.next);
    const from = Math.max(search.from ?? -Infinity, this.first);
    const captured = await this.#searchCapture({ ...search, before, from }, signal, onProgress);
    const next = captured.length < search.limit ? null : (captured.at(-1) ?? null);
    const rest = await this.#searchUncaptured({ ...search, before, from: next ?? from }, signal);
    const positions = [...captured, ...rest.positions].sort((a, b) => b - a);
    if (positions.length <= search.limit) return { positions, next, unknown: rest.unknown };
    const shown = positions.slice(0, search.limit);
    return { positions: shown, next: shown.at(-1) ?? null, unknown: rest.unknown };
  }

  async #searchCapture(
    { filter, nowMs, before, from, limit }: Search & { before: number; from: number },
    signal: AbortSignal,
    onProgress: (progress: Progress[SearchOperation]) => void,
  ): Promise<number[]> {
    const positions: number[] = [];
    const fromSeq = this.places.seqFrom(from);
    const toSeq = this.places.seqFrom(before) - 1;
    if (this.#capture === null || fromSeq === Infinity || fromSeq > toSeq) return positions;
    const range = Number.isFinite(toSeq) ? { fromSeq, toSeq } : { fromSeq };
    const scan = { ...range, filter, nowMs, limit, signal, onProgress, direction: 'backward' as const };
    for await (const seqs of this.#capture.scan(scan))
      for (const seq of seqs) {
        const position = this.places.positionOf(seq);
        // The scan may have seen what came after this search began.
        if (position !== null && position < before) positions.push(position);
      }
    return positions;
  }

  async #searchUncaptured(
    { filter, nowMs, before, from }: Search & { before: number; from: number },
    signal: AbortSignal,
  ): Promise<{ positions: number[]; unknown: number }> {
    const { matches, needsPayload } = parseFilterOrThrow(filter, nowMs);
    const positions: number[] = [];
    let unknown = 0;
    const oldest = Math.max(from, this.#summaries.first);
    for (let position = before - 1, looked = 0; position >= oldest; position--) {
      if (this.places.seqOf(position) !== null) continue;
      const summary = this.#summaries.at(position);
      if (summary === undefined || summary.captured) continue;
      const payload = this.#uncaptured.get(position)?.message.payload;
      if (payload === undefined && needsPayload) unknown++;
      else if (matches(filterRowOf({ ...summary, position }, payload ?? NO_PAYLOAD)))
        positions.push(position);
      if (++looked % ROWS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) throw cancelled();
    }
    return { positions, unknown };
  }
}

function cancelled(): WakuDeskError {
  return new WakuDeskError('CANCELLED', 'The search was cancelled.', {
    operation: 'messages.search',
    hint: 'Start it again.',
  });
}
