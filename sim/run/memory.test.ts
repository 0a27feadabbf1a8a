import { expect, it } from 'vitest';
import { checkMemory } from './memory.ts';

const GIB = 1024 ** 3;
const nodesOf = (kind: 'go-waku' | 'js', length: number) => Array.from({ length }, () => ({ kind }));

it('takes what fits into the memory that is free, and refuses more with both figures', () => {
  expect(() => {
    checkMemory(nodesOf('go-waku', 50), 8 * GIB);
    checkMemory(nodesOf('js', 1_000), 8 * GIB);
  }).not.toThrow();
  expect(() => {
    checkMemory(nodesOf('go-waku', 100), 8 * GIB);
  }).toThrow('100 nodes of these engines take about 14.6 GiB of memory, and 8.0 GiB are free.');
});
