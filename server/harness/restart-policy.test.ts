import { describe, expect, it } from 'vitest';
import { FAILURES_WITHIN_MS, MAX_FAILURES, RestartPolicy } from './restart-policy.ts';

describe('a node that fails', () => {
  it('waits longer each time, up to half a minute', () => {
    const policy = new RestartPolicy();
    const pauses = Array.from({ length: 7 }, (_none, i) => policy.failed(i * 100_000, 1_000));
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * 1_000));
  });

  it('begins with a short pause again after it had run for a minute', () => {
    const policy = new RestartPolicy();
    policy.failed(0, 1_000);
    policy.failed(5_000, 1_000);
    expect(policy.failed(100_000, 61_000)).toBe(1_000);
  });

  it('is given up when it fails for the tenth time within ten minutes, and not before', () => {
    const policy = new RestartPolicy();
    for (let n = 1; n < MAX_FAILURES; n++) expect(policy.failed(n * 1_000, 100_000)).not.toBeNull();
    expect(policy.failed(FAILURES_WITHIN_MS, 100_000)).toBeNull();
    expect(policy.failures).toBe(MAX_FAILURES);
  });

  it('is not given up when the failures are further apart, or somebody started it between', () => {
    const policy = new RestartPolicy();
    const apartMs = FAILURES_WITHIN_MS / (MAX_FAILURES - 1) + 1;
    for (let n = 1; n < 3 * MAX_FAILURES; n++) expect(policy.failed(n * apartMs, 0)).not.toBeNull();
    policy.reset();
    expect(policy.failed(3 * FAILURES_WITHIN_MS, 0)).toBe(1_000);
    expect(policy.failures).toBe(1);
  });
});
