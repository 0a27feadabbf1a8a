import { describe, expect, it } from 'vitest';
import { planOf, scenarioText } from './fixture-scenario.ts';

/** The message of the refusal, without its first line. */
function refusal(text: string): string {
  try {
    planOf(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'SCENARIO_INVALID' });
    return (error as Error).message.split('\n').slice(1).join('\n');
  }
  throw new Error('the scenario was taken');
}

describe('a scenario with a mistake', () => {
  it.each([
    [
      'a key',
      { topology: 'tipology: { kind: ring }' },
      'small.yaml:4:1: tipology: unknown key "tipology"; did you mean "topology"?',
    ],
    [
      'a key further in',
      { traffic: 'traffic:\n  - from: n1\n    mesages: 3' },
      'small.yaml:7:5: traffic[0].mesages: unknown key "mesages"; did you mean "messages"?',
    ],
    [
      'a kind',
      { topology: 'topology: { kind: rnig }' },
      'small.yaml:4:13: topology.kind: unknown kind "rnig"; did you mean "ring"?',
    ],
    [
      'an engine',
      { nodes: 'nodes:\n  - { count: 2, engine: go-wakuu }' },
      'unknown word "go-wakuu"; did you mean "go-waku"?',
    ],
    [
      'a fault',
      { more: 'faults:\n  - { kind: kil, nodes: n1, at: 1s }' },
      'small.yaml:10:7: faults[0].kind: unknown kind "kil"; did you mean "kill"?',
    ],
    ['a measure', { pass: 'pass:\n  - { measure: latncy }' }, 'did you mean "latency"?'],
    [
      'a time without a unit',
      { more: 'phases: { coolDown: 5 }' },
      'small.yaml:9:11: phases.coolDown: must be a time such as 250ms, 5s, 2m or 1h, 24h at most',
    ],
    [
      'a node',
      { traffic: 'traffic:\n  - { from: n9, messages: 1 }' },
      'small.yaml:6:5: traffic[0]: "n9" names no node',
    ],
  ])('names the line and the nearest right word: %s', (_what, parts, expected) => {
    expect(refusal(scenarioText(parts))).toContain(expected);
  });

  it('is told of all of its mistakes at once', () => {
    const lines = refusal(scenarioText({ name: 'nmae: x', more: 'seed: -1' })).split('\n');
    expect(lines).toEqual([
      'small.yaml:1:1: name: is missing',
      'small.yaml:9:1: seed: must be a whole number from 0 to 4294967295',
      'small.yaml:1:1: nmae: unknown key "nmae"; did you mean "name"?',
    ]);
  });

  it('that is no YAML is told where', () => {
    expect(refusal('name: [small\nnodes: x')).toMatch(/^small\.yaml:\d+:\d+: [A-Z]/);
    expect(refusal('['.repeat(20_000))).toContain(': is nested too deeply');
  });

  it.each(['', '5', '[]', 'null', 'name: &a [*a]'])('that is no scenario at all is refused: %j', (text) => {
    expect(refusal(text)).not.toBe('');
  });

  it('that grows by aliases is refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(refusal(lines.join('\n'))).toMatch(/alias/i);
  });
});

describe('what cannot be', () => {
  it.each([
    ['an odd product', 'topology: { kind: regular, degree: 3 }', 'nodes:\n  - count: 5', '5 × 3 is odd'],
    [
      'more neighbours than there are nodes',
      'topology: { kind: regular, degree: 4 }',
      undefined,
      'there are only 3 others',
    ],
    [
      'a link to a node that is not there',
      'topology: { kind: edges, edges: [n1-n2, n2-n3, n3-n7] }',
      undefined,
      '"n3-n7" is no link',
    ],
    [
      'a link of a node with itself',
      'topology: { kind: edges, edges: [n1-n1] }',
      undefined,
      'links a node with itself',
    ],
    [
      'a network in two pieces',
      'topology: { kind: edges, edges: [n1-n2, n3-n4] }',
      undefined,
      'no message can reach',
    ],
    [
      'a file that is not there',
      'topology: { kind: file, path: net.txt }',
      undefined,
      'cannot be read: no file net.txt',
    ],
    ['one node alone', 'topology: { kind: full }', 'nodes:\n  - count: 1', 'nobody to send to'],
  ])('is refused at its line: %s', (_what, topology, nodes, expected) => {
    const text = refusal(scenarioText({ topology, ...(nodes !== undefined && { nodes }) }));
    expect(text).toContain(expected);
    expect(text).toMatch(/^small\.yaml:\d+:/);
  });

  it.each([
    [
      'a shard that the sender has not',
      { traffic: 'traffic:\n  - { from: n1, messages: 1, shards: [7] }' },
      'does not relay shard 7',
    ],
    [
      'payloads larger than messages may be',
      { traffic: 'traffic:\n  - { from: n1, messages: 1, size: 200kb }' },
      'do not fit',
    ],
    [
      'more random nodes than there are',
      { more: 'faults:\n  - { kind: stop, nodes: random 9, at: 1s }' },
      'asks for 9 of 4 nodes',
    ],
    [
      'a link that is not there',
      { more: 'faults:\n  - { kind: cut, links: n1-n3, at: 1s }' },
      'there is no link "n1-n3"',
    ],
    [
      'a fault that repeats before it ends',
      { more: 'faults:\n  - { kind: stop, nodes: n2, at: 1s, for: 9s, every: 5s, times: 2 }' },
      'shorter than "every"',
    ],
    [
      'a fault that goes on when the traffic has ended',
      { more: 'phases: { traffic: 3s }\nfaults:\n  - { kind: stop, nodes: n2, at: 1s, for: 3s }' },
      'goes on until 4s, and the traffic ends at 3s',
    ],
    [
      'a flood that does',
      {
        more: 'phases: { traffic: 3s }\nfaults:\n  - { kind: flood, from: n2, rate: 1/s, size: 1kb, at: 1s, for: 3s }',
      },
      'goes on until 4s',
    ],
    ['no messages', { traffic: 'traffic:\n  - { from: n1, messages: 0 }' }, 'whole number from 1 to'],
    [
      'a network that everybody joins later',
      { more: 'faults:\n  - { kind: join, nodes: all, at: 1s }' },
      'nobody is there',
    ],
    ['too many ports', { more: 'firstPort: 65534' }, 'there are not 4 ports'],
  ])('is refused: %s', (_what, parts, expected) => {
    expect(refusal(scenarioText(parts))).toContain(expected);
  });
});
