import { describe, expect, it } from 'vitest';
import { parseNodeConfig } from './config.ts';
import { REDACTED, redactor } from './redact.ts';

const KEY = 'ab12'.repeat(16);
const RPC = 'https://rpc.example.org/v3/0123456789abcdef';
const redact = redactor(
  parseNodeConfig({
    nodeKey: `0x${KEY}`,
    rln: {
      credentialsPath: '/keys/rln.json',
      credentialsPassword: 'open (sesame)',
      contractAddress: `0x${'1'.repeat(40)}`,
      chainRpcUrls: [`${RPC}/`],
      chainId: 1,
    },
  }),
);

describe('a redacted text', () => {
  it('has no node key, however it is written', () => {
    for (const key of [KEY, KEY.toUpperCase(), `0x${KEY}`])
      expect(redact(`starting ${key} now`).toLowerCase()).not.toContain(KEY);
  });

  it('has no password, and neither address nor access key of the chain', () => {
    const text = redact(`unlock with open (sesame); POST ${RPC} and GET /v3/0123456789abcdef/ failed`);
    expect(text).not.toMatch(/sesame|rpc\.example|0123456789abcdef/);
  });

  it('has nothing of what is named a secret, also of other nodes', () => {
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
  });

  it('keeps everything else', () => {
    const text = `hash 0x${'77'.repeat(32)} from 16Uiu2 at /ip4/127.0.0.1/tcp/1, key of the map: 5 https://a.b/c@d`;
    expect(redact(text)).toBe(text);
    expect(redactor(parseNodeConfig({}))(text)).toBe(text);
  });
});
