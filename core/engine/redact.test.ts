import { expect, it } from 'vitest';
import { WakuDeskError } from './errors.ts';
import { parseNodeConfig } from './config.ts';
import { REDACTED, redactedFailure, redactor } from './redact.ts';

const KEY = 'ab'.repeat(32);
const rln = (credentialsPassword: string) => ({
  credentialsPath: '/keys/rln.json',
  credentialsPassword,
  contractAddress: `0x${'1'.repeat(40)}`,
  chainRpcUrls: ['https://user:hunter22@rpc.example.org/v3/0123456789abcdef?token=tok-987654'],
  chainId: 59_141,
});
const config = parseNodeConfig({ nodeKey: `0x${KEY}`, rln: rln('p"ss.w*rd +1') });

it.each([
  ['the node key', `nodekey ${KEY.toUpperCase()}`],
  ['the password', 'opened with p"ss.w*rd +1.'],
  ['the password in JSON', JSON.stringify({ rlnRelayCredPassword: 'p"ss.w*rd +1' })],
  ['the password in an address', `http://x/?p=${encodeURIComponent('p"ss.w*rd +1')}`],
  ['an RPC address', `dial ${config.rln?.chainRpcUrls[0] ?? ''}: refused`],
  ['the path of an RPC address', 'POST /v3/0123456789abcdef 401'],
  ['the token of an RPC address', 'token=tok-987654 is over its quota'],
  ['the password of an RPC address', 'basic auth hunter22'],
])('takes %s out of a text', (_what, text) => {
  const told = redactor(config)(text);
  expect(told).toContain(REDACTED);
  for (const secret of [KEY, KEY.toUpperCase(), 'w*rd', '0123456789abcdef', 'tok-987654', 'hunter22'])
    expect(told).not.toContain(secret);
});

it('leaves other texts as they are, also beside a short password', () => {
  const redact = redactor(parseNodeConfig({ rln: rln('a') }));
  expect(redact('a mesh has a peer')).toBe(`${REDACTED} mesh has ${REDACTED} peer`);
  expect(redact('mesh grafted')).toBe('mesh grafted');
  expect(redactor(parseNodeConfig({}))('anything')).toBe('anything');
});

it('takes secrets out of an error and of what caused it', () => {
  const redact = redactor(config);
  const cause = new Error(`cannot reach ${config.rln?.chainRpcUrls[0] ?? ''}`);
  const error = new WakuDeskError('ENGINE_FAILED', `key ${KEY}`, { operation: 'a.b', hint: 'Look.', cause });
  const told = redactedFailure(error, redact);
  expect(told).toMatchObject({ code: 'ENGINE_FAILED', operation: 'a.b', message: `key ${REDACTED}` });
  expect(JSON.stringify(told instanceof WakuDeskError && told.toData())).not.toMatch(/abababab|rpc\.example/);
});

it('takes out what is named a secret, also of other nodes', () => {
  const redact = redactor(parseNodeConfig({}));
  for (const line of [
    'nodekey=deadbeef topics="a"',
    '{"nodekey": "deadbeef", "tcpPort": 1}',
    'rlnRelayCredPassword: deadbeef',
    'INF conf nodekey=some(deadbeef) tid=1',
    '"ethClientUrls":["deadbeef"]',
    'dialling https://user:deadbeef@host/path',
  ]) {
    expect(redact(line)).not.toContain('deadbeef');
    expect(redact(line)).toContain(REDACTED);
  }
  const harmless = `hash 0x${'77'.repeat(32)} from 16Uiu2 at /ip4/127.0.0.1/tcp/1, key of the map: 5 https://a.b/c@d`;
  expect(redact(harmless)).toBe(harmless);
});
