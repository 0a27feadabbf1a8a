/**
 * Which rows of a long list are in view. The place is kept as a row's key and an offset in it, not as pixels, so
 * that rows which come or go before it move nothing. `following` keeps the end in view while rows arrive.
 */
import { boxHeight, toBox, toList } from './scroll-map.ts';

/** The rows of a list, by index; keys grow with it. */
export interface RowKeys {
  readonly count: number;
  keyAt(index: number): number;
  /** Index of the key, or of the next greater one; `count` beyond the last. */
  indexOf(key: number): number;
}

export interface VirtualLayout {
  /** Rows to draw: `first` up to, not including, `end`. */
  first: number;
  end: number;
  boxPx: number;
  /** Where the scroll box has to stand. */
  boxTopPx: number;
  /** Where the first drawn row stands in the box. */
  rowsTopPx: number;
}

/** Height of a row of a table, as --row in tokens.css. */
export const ROW_PX = 26;
/** Rows drawn beyond each edge. */
const OVERSCAN = 4;
/** Further than this many views in one step is a jump of the scroll bar, not a turn of the wheel. */
const JUMP_VIEWS = 2;

export class VirtualScroll {
  readonly rowPx: number;
  #following: boolean;
  readonly #followsTail: boolean;
  #anchor: { key: number; offsetPx: number } | null = null;
  #viewPx = 0;
  /** Where the box stood when the user last moved it or the list placed it. */
  #boxTopPx = 0;
  /** The user is moving the box: a long list does not put it right under their hand. */
  #held = false;
  #version = 0;
  readonly #listeners = new Set<() => void>();

  constructor({ rowPx, followsTail }: { rowPx: number; followsTail: boolean }) {
    this.rowPx = rowPx;
    this.#followsTail = followsTail;
    this.#following = followsTail;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  get following(): boolean {
    return this.#following;
  }

  get viewPx(): number {
    return this.#viewPx;
  }

  get pageRows(): number {
    return Math.max(1, Math.floor(this.#viewPx / this.rowPx) - 1);
  }

  layout(keys: RowKeys): VirtualLayout {
    const listPx = keys.count * this.rowPx;
    const topPx = this.#topPx(keys);
    const scaled = boxHeight(listPx) < listPx;
    const boxTopPx = scaled && this.#held ? this.#boxTopPx : toBox(topPx, listPx, this.#viewPx);
    const first = Math.max(0, Math.floor(topPx / this.rowPx) - OVERSCAN);
    const end = Math.min(keys.count, Math.ceil((topPx + this.#viewPx) / this.rowPx) + OVERSCAN);
    const rowsTopPx = first * this.rowPx - topPx + boxTopPx;
    return { first, end, boxPx: boxHeight(listPx), boxTopPx, rowsTopPx };
  }

  resized(viewPx: number): void {
    if (viewPx === this.#viewPx) return;
    this.#viewPx = viewPx;
    this.#changed();
  }

  /** The list put the box there. */
  placed(boxTopPx: number, keys: RowKeys): void {
    this.#boxTopPx = boxTopPx;
    // What is shorter than the view is at its end.
    if (keys.count * this.rowPx <= this.#viewPx) this.#following = this.#followsTail;
  }

  /** The box moved, by the user unless it stands where the list put it. */
  scrolled(boxTopPx: number, keys: RowKeys): void {
    const movedPx = boxTopPx - this.#boxTopPx;
    if (Math.abs(movedPx) < 1) return;
    const listPx = keys.count * this.rowPx;
    const boxEndPx = boxHeight(listPx) - this.#viewPx;
    const isStep = boxEndPx < listPx - this.#viewPx && Math.abs(movedPx) <= JUMP_VIEWS * this.#viewPx;
    const isInside = boxTopPx > 0 && boxTopPx < boxEndPx;
    const topPx = isStep && isInside ? this.#topPx(keys) + movedPx : toList(boxTopPx, listPx, this.#viewPx);
    this.#boxTopPx = boxTopPx;
    this.#held = true;
    this.#moveTo(topPx, keys);
  }

  /** The user has let go of the box. */
  settled(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#changed();
  }

  /** Turning the wheel upwards leaves the end at once, also while rows pour in. */
  wheeledUp(keys: RowKeys): void {
    if (!this.#following || keys.count * this.rowPx <= this.#viewPx) return;
    this.#moveTo(this.#topPx(keys), keys);
    this.#following = false;
  }

  /** Moves as little as shows the whole row. */
  reveal(index: number, keys: RowKeys): void {
    const rowTopPx = index * this.rowPx;
    const topPx = this.#topPx(keys);
    this.#held = false;
    if (rowTopPx < topPx) this.#moveTo(rowTopPx, keys);
    else if (rowTopPx + this.rowPx > topPx + this.#viewPx)
      this.#moveTo(rowTopPx + this.rowPx - this.#viewPx, keys);
  }

  /** Whether the whole row is in view. */
  shows(index: number, keys: RowKeys): boolean {
    const overTopPx = index * this.rowPx - this.#topPx(keys);
    return overTopPx >= 0 && overTopPx + this.rowPx <= this.#viewPx;
  }

  toEnd(): void {
    this.#held = false;
    this.#following = this.#followsTail;
    this.#anchor = { key: Number.MAX_SAFE_INTEGER, offsetPx: 0 };
    this.#changed();
  }

  #topPx(keys: RowKeys): number {
    const endPx = Math.max(0, keys.count * this.rowPx - this.#viewPx);
    if (this.#following) return endPx;
    if (this.#anchor === null) return 0;
    const topPx = keys.indexOf(this.#anchor.key) * this.rowPx + this.#anchor.offsetPx;
    return Math.min(endPx, Math.max(0, topPx));
  }

  #moveTo(topPx: number, keys: RowKeys): void {
    const endPx = Math.max(0, keys.count * this.rowPx - this.#viewPx);
    const place = Math.min(endPx, Math.max(0, topPx));
    const index = Math.floor(place / this.rowPx);
    this.#following = this.#followsTail && place >= endPx - 1;
    this.#anchor =
      index < keys.count ? { key: keys.keyAt(index), offsetPx: place - index * this.rowPx } : null;
    this.#changed();
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
