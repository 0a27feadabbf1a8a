/** `waku-desk doctor`: what is here, what can run, and what to do about the rest. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import {
  FINDING_LEVELS,
  type DoctorReport,
  type EngineHealth,
  type Finding,
  type FindingLevel,
} from '../core/operations/doctor-values.ts';
import { examine } from '../server/doctor/doctor.ts';
import { printable, type Output } from './output.ts';

export interface DoctorOptions {
  /** Only this one has to run; without it any of them. */
  engine?: EngineKind;
  library?: string;
}

const MARKS: Record<FindingLevel, string> = { good: 'ok    ', notice: 'notice', bad: 'BAD   ' };

/** @throws WakuDeskError ENGINE_FAILED when no engine can run, or not the one that was asked for */
export async function runDoctor(
  options: DoctorOptions,
  version: string,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const report = await examine({ version, ...options, signal });
  for (const finding of report.findings) output.result('finding', finding, findingText(finding));
  const counts = Object.fromEntries(
    FINDING_LEVELS.map((level) => [level, report.findings.filter((one) => one.level === level).length]),
  );
  output.result('summary', { ...counts, engines: report.engines }, summaryText(report));
  const wanted = report.engines.filter(({ kind }) => options.engine === undefined || kind === options.engine);
  if (wanted.some(({ canRun }) => canRun)) return;
  throw new WakuDeskError(
    'ENGINE_FAILED',
    `${options.engine ?? 'No engine'} ${options.engine === undefined ? 'can' : 'cannot'} run here.`,
    {
      operation: 'cli.doctor',
      hint: 'Do what stands behind the findings, then run the doctor again.',
    },
  );
}

function findingText({ level, subject, message, hint }: Finding): string {
  const line = `${MARKS[level]}  ${printable(`${subject}: ${message}`)}`;
  return hint === '' ? line : `${line}\n        next: ${printable(hint)}`;
}

function summaryText({ engines }: DoctorReport): string {
  return ['', 'Engines:', ...engines.map(engineText)].join('\n');
}

function engineText({ kind, canRun, reason, version }: EngineHealth): string {
  const state = canRun ? `can run${version === null ? '' : ` (${version})`}` : `cannot run: ${reason}`;
  return `  ${kind.padEnd(8)} ${printable(state)}`;
}
