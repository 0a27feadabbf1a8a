/** Results of checks as JUnit's XML, which continuous integration reads. */
import type { CheckResult } from './check.ts';

export function junitXml(suite: string, checks: readonly CheckResult[]): string {
  const count = (outcome: CheckResult['outcome']): number =>
    checks.filter((check) => check.outcome === outcome).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(suite)}" tests="${checks.length}" failures="${count('fail')}" skipped="${count('notApplicable')}">`,
    ...checks.map(testCase),
    '</testsuite>',
    '',
  ].join('\n');
}

function testCase({ name, outcome, expected, seen }: CheckResult): string {
  const dot = name.lastIndexOf('.');
  const [group, what] = dot === -1 ? [name, name] : [name.slice(0, dot), name.slice(dot + 1)];
  const start = `  <testcase classname="${escaped(group)}" name="${escaped(what)}"`;
  switch (outcome) {
    case 'pass':
      return `${start}/>`;
    case 'fail':
      return `${start}><failure message="${escaped(seen)}">expected: ${escaped(expected)}</failure></testcase>`;
    case 'notApplicable':
      return `${start}><skipped message="${escaped(seen)}"/></testcase>`;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** Answers of nodes are anything: what XML cannot hold becomes a question mark. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? character);
}
