/** Findings for people: what needs them first. Pure. */
import {
  FINDING_LEVELS,
  type DoctorReport,
  type Finding,
  type FindingLevel,
} from '../../../core/operations/doctor-values.ts';
import { formatMany } from '../../ui/format.ts';

/** Bad ones, notices, good ones; as they came within each. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...FINDING_LEVELS].reverse().flatMap((level) => findings.filter((one) => one.level === level));
}

export function countOf(report: DoctorReport | null, level: FindingLevel): number {
  return report?.findings.filter((one) => one.level === level).length ?? 0;
}

export function headline(report: DoctorReport): string {
  const bad = countOf(report, 'bad');
  const notices = countOf(report, 'notice');
  if (bad > 0) return `${formatMany(bad, 'thing')} to repair`;
  if (notices > 0) return `Everything that is needed works; ${formatMany(notices, 'notice')}`;
  return 'Everything works';
}

/** The engine whose node library a finding is about; null where it is about something else. */
export function engineOfLibrary({ id }: Finding): 'nwaku' | 'go-waku' | null {
  if (id === 'library.libwaku') return 'nwaku';
  return id === 'library.libgowaku' ? 'go-waku' : null;
}

/** A detail as text; null where there is none. */
export function detailText(value: Finding['details'][string]): string | null {
  if (value === null) return null;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join('\n');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

/** The whole report for a bug report. */
export function reportText({ findings, engines }: DoctorReport): string {
  return [
    ...findings.flatMap(({ level, subject, message, hint }) => [
      `${level}: ${subject}: ${message}`,
      ...(hint === '' ? [] : [`  next: ${hint}`]),
    ]),
    ...engines.map(
      ({ kind, canRun, reason }) => `engine ${kind}: ${canRun ? 'can run' : `cannot run: ${reason}`}`,
    ),
  ].join('\n');
}
