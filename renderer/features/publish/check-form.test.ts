import { describe, expect, it } from 'vitest';
import { EMPTY_FORM, type PublishForm } from '../../store/state.ts';
import { checkForm, isUntouched, type CheckedForm, type NodeFacts } from './check-form.ts';

const FACTS: NodeFacts = {
  settings: { clusterId: 16, shardsInNetwork: 0, maxMessageBytes: 153_600, light: false },
  topics: ['/waku/2/rs/16/32', '/waku/2/rs/16/33'],
};
const check = (form: Partial<PublishForm>, facts: Partial<NodeFacts> = {}): CheckedForm =>
  checkForm({ ...EMPTY_FORM, payload: 'hello', ...form }, { ...FACTS, ...facts });
const bytesOf = (form: Partial<PublishForm>): number[] => [...(check(form).draft?.payload ?? [])];

it('makes a draft of the form', () => {
  expect(check({ ephemeral: true, meta: 'm' }).draft).toEqual({
    payload: new TextEncoder().encode('hello'),
    contentTopic: '/waku-desk/1/note/plain',
    pubsubTopic: '/waku/2/rs/16/32',
    version: 0,
    meta: Uint8Array.of(0x6d),
    ephemeral: true,
  });
});

it('reads hex and base64 as people paste them', () => {
  expect(bytesOf({ encoding: 'hex', payload: '0x00 FF\n10' })).toEqual([0, 255, 16]);
  expect(bytesOf({ encoding: 'base64', payload: 'AP8Q' })).toEqual([0, 255, 16]);
  expect(bytesOf({ encoding: 'base64', payload: '_w==' })).toEqual([255]);
  expect(bytesOf({ encoding: 'base64', payload: '/w' })).toEqual([255]);
  expect(bytesOf({ encoding: 'file', file: { name: 'a', bytes: Uint8Array.of(7) } })).toEqual([7]);
});

it.each<[keyof CheckedForm['problems'], Partial<PublishForm>]>([
  ['payload', { payload: '' }],
  ['payload', { payload: 'x'.repeat(153_600) }],
  ['payload', { encoding: 'hex', payload: 'abc' }],
  ['payload', { encoding: 'hex', payload: 'xy' }],
  ['payload', { encoding: 'base64', payload: 'ä' }],
  ['payload', { encoding: 'file' }],
  ['contentTopic', { contentTopic: '' }],
  ['meta', { meta: 'x'.repeat(65) }],
  ['version', { version: '1.5' }],
  ['version', { version: '4294967296' }],
  ['timestampNs', { clock: 'fixed', timestampNs: '' }],
  ['timestampNs', { clock: 'fixed', timestampNs: '0' }],
  ['timestampNs', { clock: 'fixed', timestampNs: '9223372036854775808' }],
  ['route', { route: 'topic', pubsubTopic: '/waku/2/default-waku/proto' }],
  ['route', { route: 'topic', pubsubTopic: '/waku/2/rs/16/99' }],
  ['route', { route: 'auto' }],
  ['count', { repeats: true, count: '0' }],
  ['rate', { repeats: true, rate: '-1' }],
])('finds the fault in %s (case %#)', (field, form) => {
  const { problems, draft } = check(form);
  expect(Object.keys(problems)).toEqual([field]);
  expect(draft).toBeNull();
});

it('an empty form is not marked, a missing file is', () => {
  expect(isUntouched(EMPTY_FORM)).toBe(true);
  expect(isUntouched({ ...EMPTY_FORM, encoding: 'file' })).toBe(false);
});

it('computes the shard of a content topic, and leaves it to the host', () => {
  const settings = { clusterId: 1, shardsInNetwork: 8, maxMessageBytes: 153_600, light: false };
  const form = { route: 'auto', contentTopic: '/myapp/1/latest/proto' } as const;
  const checked = check(form, { settings, topics: [] });
  expect(checked.pubsubTopic).toBe('/waku/2/rs/1/0');
  expect(checked.draft).not.toHaveProperty('pubsubTopic');
  expect(check({ ...form, contentTopic: 'myapp' }, { settings }).problems).toHaveProperty('route');
});

it('shows the limit that the other fields leave', () => {
  const checked = check({ contentTopic: '/waku-desk/1/limit/proto' });
  expect(checked).toMatchObject({ payloadBytes: 5, maxPayloadBytes: 153_524 });
});

describe('the hash', () => {
  it('is known only with a fixed timestamp', () => {
    expect(check({}).hash).toBeNull();
    const fixed = { clock: 'fixed', timestampNs: '1700000000000000000' } as const;
    expect(check(fixed).hash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(check({ ...fixed, payload: 'other' }).hash).not.toBe(check(fixed).hash);
  });
});

it('an empty rate means as fast as they go', () => {
  expect(check({ repeats: true, count: '5', rate: '' }).repeat).toEqual({ count: 5, ratePerSecond: null });
});
