/** Gaps that could not be written yet: one per reason, so that a long full disk is one record. */
import type { NewGap } from './records.ts';

export class OwedGaps {
  private readonly gaps = new Map<NewGap['reason'], NewGap>();

  get size(): number {
    return this.gaps.size;
  }

  add(gap: NewGap): void {
    const owed = this.gaps.get(gap.reason);
    const lost = owed === undefined ? gap.lost : sum(owed.lost, gap.lost);
    this.gaps.set(gap.reason, { ...(owed ?? gap), lost });
  }

  /** Gives them out; what cannot be written comes back through {@link add}. */
  takeAll(): NewGap[] {
    const all = [...this.gaps.values()];
    this.gaps.clear();
    return all;
  }
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
