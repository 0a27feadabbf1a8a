import { describe, expect, it } from 'vitest';
import { CheckFailure, NotApplicable, runChecks, type Check } from './check-run.ts';
import type { CheckResult } from './check.ts';
import { junitXml } from './junit.ts';

async function resultsOf(
  checks: readonly Check<null>[],
  signal = new AbortController().signal,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of runChecks(checks, null, signal)) results.push(result);
  return results;
}

const check = (name: string, run: () => string): Check<null> => ({
  name,
  expected: 'good',
  run: () =>
    new Promise((resolve) => {
      resolve(run());
    }),
});

describe('checks', () => {
  const fail = (error: Error) => (): never => {
    throw error;
  };

  it('come to a result each, whatever one of them throws', async () => {
    const results = await resultsOf([
      check('a.pass', () => 'fine'),
      check('a.fail', fail(new CheckFailure('bad'))),
      check('a.skip', fail(new NotApplicable('none here'))),
      check('a.broken', fail(new TypeError('oops'))),
    ]);
    expect(results.map(({ outcome, seen, code }) => [outcome, seen, code])).toEqual([
      ['pass', 'fine', undefined],
      ['fail', 'bad', 'CHECK_FAILED'],
      ['notApplicable', 'none here', undefined],
      ['fail', 'the check broke: oops', 'CHECK_FAILED'],
    ]);
  });

  it('end at the signal', async () => {
    expect(await resultsOf([check('a', () => 'fine')], AbortSignal.abort())).toEqual([]);
  });
});

describe('JUnit', () => {
  it('has each result, and nothing of an answer breaks it', () => {
    const xml = junitXml('suite', [
      { name: 'message.payload.1KiB', outcome: 'pass', expected: '', seen: '' },
      { name: 'health', outcome: 'fail', expected: '<200>', seen: 'a "quote" & <tag>\n\u0000\ud800' },
      { name: 'auto.x', outcome: 'notApplicable', expected: '', seen: 'off' },
    ]);
    expect(xml.split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuite name="suite" tests="3" failures="1" skipped="1">',
      '  <testcase classname="message.payload" name="1KiB"/>',
      '  <testcase classname="health" name="health"><failure message="a &quot;quote&quot; &amp; &lt;tag&gt;&#10;??">expected: &lt;200&gt;</failure></testcase>',
      '  <testcase classname="auto" name="x"><skipped message="off"/></testcase>',
      '</testsuite>',
      '',
    ]);
  });
});
