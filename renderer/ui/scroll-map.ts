/**
 * Between a list of any height and the scroll box that stands for it. Browsers end boxes at 33 million pixels, a
 * little over a million rows; a longer list gets a shorter box. Near both ends a pixel of the box is a pixel of the
 * list, so that the first and the last rows are reached exactly; between them the scroll bar covers more.
 */
export const MAX_BOX_PX = 15_000_000;
const EXACT_PX = 2_000_000;

/** Height of the box for a list of `listPx`. */
export function boxHeight(listPx: number): number {
  return Math.min(listPx, MAX_BOX_PX);
}

/** Where the box stands when the list's `topPx` is at the top of the view. */
export function toBox(topPx: number, listPx: number, viewPx: number): number {
  if (listPx <= MAX_BOX_PX) return topPx;
  const fromEnd = listPx - viewPx - topPx;
  const boxEnd = MAX_BOX_PX - viewPx;
  if (topPx <= EXACT_PX) return topPx;
  if (fromEnd <= EXACT_PX) return boxEnd - fromEnd;
  const share = (topPx - EXACT_PX) / (listPx - viewPx - 2 * EXACT_PX);
  return EXACT_PX + share * (boxEnd - 2 * EXACT_PX);
}

/** The inverse of {@link toBox}. */
export function toList(boxTopPx: number, listPx: number, viewPx: number): number {
  if (listPx <= MAX_BOX_PX) return boxTopPx;
  const boxEnd = MAX_BOX_PX - viewPx;
  if (boxTopPx <= EXACT_PX) return boxTopPx;
  if (boxEnd - boxTopPx <= EXACT_PX) return listPx - viewPx - (boxEnd - boxTopPx);
  const share = (boxTopPx - EXACT_PX) / (boxEnd - 2 * EXACT_PX);
  return EXACT_PX + share * (listPx - viewPx - 2 * EXACT_PX);
}
