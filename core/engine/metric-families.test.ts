import { expect, test } from 'vitest';
import { completed, type Family } from './metric-families.ts';

const ENGINE = '# TYPE a counter\na_total{type="x"} 3\nb 1\n';
const gauge = (name: string, labels: Readonly<Record<string, string>> = {}): Family => ({
  name,
  type: 'gauge',
  samples: [{ labels, value: 2 }],
});

test('adds what an engine does not tell, and nothing that it does', () => {
  const counted: Family = { name: 'a', type: 'counter', samples: [{ suffix: '_total', value: 9 }] };
  expect(completed(ENGINE, [counted, gauge('b'), gauge('c')])).toBe(`${ENGINE}# TYPE c gauge\nc 2\n`);
});

test('leaves a family without samples out', () => {
  expect(completed('', [{ name: 'c', type: 'gauge', samples: [] }])).toBe('');
});

test("does not let a peer's words end its label", () => {
  const text = completed('', [gauge('c', { agent: 'me"} 1\nlibp2p_peers 9\\' })]);
  expect(text).toBe('# TYPE c gauge\nc{agent="me\\"} 1\\nlibp2p_peers 9\\\\"} 2\n');
});
