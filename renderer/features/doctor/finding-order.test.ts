import { expect, it } from 'vitest';
import type { DoctorReport, Finding, FindingLevel } from '../../../core/operations/doctor-values.ts';
import { countOf, detailText, headline, inOrder, reportText } from './finding-order.ts';

const finding = (id: string, level: FindingLevel): Finding => ({
  id,
  level,
  subject: id,
  message: 'It is so.',
  hint: level === 'good' ? '' : 'Do that.',
  details: {},
});
const report = (...findings: Finding[]): DoctorReport => ({
  atMs: 0,
  findings,
  engines: [
    { kind: 'js', canRun: true, reason: '', version: null },
    { kind: 'nwaku', canRun: false, reason: 'No library.', version: null },
  ],
});
const mixed = report(finding('a', 'good'), finding('b', 'notice'), finding('c', 'bad'), finding('d', 'good'));

it('what needs people comes first', () => {
  expect(inOrder(mixed.findings).map(({ id }) => id)).toEqual(['c', 'b', 'a', 'd']);
  expect(countOf(mixed, 'bad')).toBe(1);
  expect(countOf(null, 'bad')).toBe(0);
});

it('the headline tells the worst', () => {
  expect(headline(mixed)).toBe('1 thing to repair');
  expect(headline(report(finding('b', 'notice')))).toBe('Everything that is needed works; 1 notice');
  expect(headline(report(finding('a', 'good')))).toBe('Everything works');
});

it('details are text, and the report copies whole', () => {
  expect([detailText(['x', 'y']), detailText([]), detailText(true), detailText(3), detailText(null)]).toEqual(
    ['x\ny', 'none', 'yes', '3', null],
  );
  expect(reportText(mixed)).toContain('bad: c: It is so.\n  next: Do that.\n');
  expect(reportText(mixed)).toMatch(/engine js: can run\nengine nwaku: cannot run: No library\.$/);
});
