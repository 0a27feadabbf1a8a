/** The word that somebody probably meant. */

/** One word per field that people bring along from elsewhere. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['app', 'content'],
  ['body', 'text'],
  ['bytes', 'size'],
  ['contenttopic', 'content'],
  ['date', 'time'],
  ['direction', 'dir'],
  ['id', 'hash'],
  ['length', 'size'],
  ['message', 'text'],
  ['messagehash', 'hash'],
  ['payload', 'text'],
  ['peer', 'from'],
  ['peerid', 'from'],
  ['pubsub', 'topic'],
  ['pubsubtopic', 'topic'],
  ['received', 'time'],
  ['sender', 'from'],
  ['shard', 'topic'],
  ['timestamp', 'sent'],
]);

const MAX_WORD = 24;

/** The candidate that `word` is a synonym, a beginning or a misspelling of, or null. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const wanted = word.toLowerCase().replace(/[-_]/g, '');
  if (wanted.length < 2 || wanted.length > MAX_WORD) return null;
  const synonym = SYNONYMS.get(wanted);
  if (synonym !== undefined && candidates.includes(synonym)) return synonym;
  const completed = candidates.find((candidate) => candidate.startsWith(wanted));
  if (completed !== undefined) return completed;
  let best: string | null = null;
  let bestDistance = Math.min(3, Math.floor((wanted.length + 1) / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
