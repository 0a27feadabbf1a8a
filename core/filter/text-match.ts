/** Text terms as functions of a text. */
import type { TextMatch } from './ast.ts';
import { Searcher } from './search.ts';

export function compileTextMatch(match: TextMatch): (text: string) => boolean {
  switch (match.how) {
    case 'is': {
      const { text: expected } = match;
      return (text) => text === expected;
    }
    case 'contains': {
      const searcher = new Searcher(match.text);
      return (text) => searcher.findEnd(text, 0, text.length) >= 0;
    }
    case 'like':
      return compileLike(match.parts);
  }
}

/** Takes the leftmost place for each inner part: if any choice of places fits, that one does. */
function compileLike(parts: readonly string[]): (text: string) => boolean {
  const first = new Searcher(parts[0] ?? '');
  const last = new Searcher(parts[parts.length - 1] ?? '');
  const inner = parts.slice(1, -1).map((part) => new Searcher(part));
  return (text) => {
    const innerEnd = text.length - last.length;
    let offset = first.length;
    if (innerEnd < offset || !first.isAt(text, 0) || !last.isAt(text, innerEnd)) return false;
    for (const searcher of inner) {
      offset = searcher.findEnd(text, offset, innerEnd);
      if (offset < 0) return false;
    }
    return true;
  };
}
