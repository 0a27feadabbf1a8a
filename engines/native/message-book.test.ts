import { describe, expect, it } from 'vitest';
import { MessageBook } from './message-book.ts';

const line = (kind: 'sent' | 'received', hash: string, peer = '16U*aaaaaa') =>
  ({ kind, hash, peer, myPeer: '16U*bbbbbb' }) as const;

describe('the book of messages', () => {
  it('counts real sends of own messages only', () => {
    const book = new MessageBook();
    expect(book.publish('0x1', 0)).toBe(true);
    book.printed(line('sent', '0x1', 'a'));
    book.printed(line('sent', '0x1', 'b'));
    book.printed(line('sent', '0x2'));
    expect([book.sends('0x1'), book.sends('0x2')]).toEqual([2, 0]);
  });

  it('knows a message for two minutes', () => {
    const book = new MessageBook();
    book.publish('0x1', 0);
    expect(book.publish('0x1', 119_999)).toBe(false);
    expect(book.publish('0x1', 120_000)).toBe(true);
  });

  it('takes one that was not published', () => {
    const book = new MessageBook();
    book.publish('0x1', 0);
    book.unpublish('0x1');
    expect(book.isOwn('0x1')).toBe(false);
    expect(book.publish('0x1', 1)).toBe(true);
  });

  it('lets an own message come back once', () => {
    const book = new MessageBook();
    book.publish('0x1', 0);
    expect([book.echo('0x1'), book.echo('0x1'), book.echo('0x2')]).toEqual([true, false, false]);
  });

  it('gives an origin once, and forgets the oldest of very many', () => {
    const book = new MessageBook();
    book.printed(line('received', '0x1', '16U*cccccc'));
    expect([book.takeOrigin('0x1'), book.takeOrigin('0x1')]).toEqual(['16U*cccccc', null]);
    for (let n = 0; n <= 16_384; n++) book.printed(line('received', `0x${String(n)}`));
    expect(book.takeOrigin('0x0')).toBeNull();
    expect(book.takeOrigin('0x16384')).not.toBeNull();
  });

  it('is bounded', () => {
    const book = new MessageBook();
    for (let n = 0; n <= 131_072; n++) book.publish(`0x${String(n)}`, 0);
    expect(book.isOwn('0x0')).toBe(false);
    expect(book.isOwn('0x131072')).toBe(true);
  });
});
