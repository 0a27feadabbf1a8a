import { describe, expect, it } from 'vitest';
import { LogBook } from './log-book.ts';

const add = (book: LogBook, text: string, atNs = 0n): void => {
  book.add({ level: 'info', component: 'x', text, atNs });
};
const inShort = (lines: { id: number; text: string; repeats: number }[]) =>
  lines.map(({ id, text, repeats }) => `${String(id)} ${text} ${String(repeats)}`);

describe('the log', () => {
  it('counts the same text again, and tells who follows it only what is new', () => {
    const book = new LogBook();
    add(book, 'a');
    add(book, 'a');
    const cursor = book.end;
    expect(book.since(cursor, 10)).toEqual([]);
    add(book, 'a');
    add(book, 'b');
    expect(inShort(book.since(cursor, 10))).toEqual(['0 a 3', '1 b 1']);
    expect(book.since(book.end, 10)).toEqual([]);
    expect(inShort(book.since({ id: -1, repeats: 0 }, 1))).toEqual(['1 b 1']);
  });

  it('does not join lines of another level or component', () => {
    const book = new LogBook();
    add(book, 'a');
    book.add({ level: 'warn', component: 'x', text: 'a', atNs: 0n });
    book.add({ level: 'warn', component: 'y', text: 'a', atNs: 0n });
    expect(book.page(10)).toHaveLength(3);
  });

  it('is bounded in lines and text, and its ids go on', () => {
    const book = new LogBook();
    for (let i = 0; i < 25_000; i++) add(book, String(i));
    add(book, 'x'.repeat(100_000));
    const lines = book.page(100_000);
    expect(lines.length).toBeLessThanOrEqual(10_000);
    expect(lines.at(-1)?.id).toBe(25_000);
    expect(lines.at(-1)?.text.length).toBeLessThan(5_000);
    const first = lines[0]?.id ?? 0;
    expect(inShort(book.page(2, first + 2))).toEqual([
      `${String(first)} ${String(first)} 1`,
      `${String(first + 1)} ${String(first + 1)} 1`,
    ]);
    expect(book.page(5, first)).toEqual([]);
  });
});
