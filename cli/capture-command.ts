/** `waku-desk capture`: captures converted, filtered, merged and compared. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Capture } from '../core/capture/capture.ts';
import { copyCapture } from '../core/capture/copy.ts';
import { diffCaptures, type DiffCounts } from '../core/capture/diff.ts';
import { CAPTURE_FORMATS, exportCapture, type CaptureFormat } from '../core/capture/export.ts';
import { importCapture } from '../core/capture/import.ts';
import { mergeCaptures } from '../core/capture/merge.ts';
import { describeCause, WakuDeskError } from '../core/engine/errors.ts';
import { parseFilterOrThrow } from '../core/filter/filter.ts';
import { counted, summaryLine } from './message-lines.ts';
import type { Output } from './output.ts';

export interface ConvertOptions {
  /** Left out: by the name of the file. */
  format?: CaptureFormat;
  filter: string;
}

/** Standard output as a target. */
const STDOUT = '-';
const SHOWN_BAD_LINES = 20;

/**
 * From a capture to a file, or from a file to a new capture.
 * @throws WakuDeskError BAD_USE, FILE_FAILED, FILTER_INVALID, CAPTURE_INVALID, CAPTURE_WRITE_FAILED; CHECK_FAILED when
 *   lines of the file could not be read
 */
export async function runCaptureConvert(
  [from, to]: readonly [string, string],
  options: ConvertOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (await isFolder(from)) await exportTo(from, to, options, output, signal);
  else await importFrom(from, to, options, output, signal);
}

async function exportTo(
  from: string,
  to: string,
  { format = formatOf(to), filter }: ConvertOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  parseFilterOrThrow(filter);
  if (to !== STDOUT && existsSync(to))
    throw new WakuDeskError('FILE_FAILED', `${to} is there already.`, {
      operation: 'cli.capture',
      hint: 'Choose another name, or remove it first.',
    });
  const capture = await Capture.openReadOnly(from);
  // Without a filter the gaps are exported as well.
  const selection = filter === '' ? {} : { filter };
  const target = to === STDOUT ? process.stdout : to;
  const { messages, bytes } = await exportCapture(capture, target, { format, ...selection, signal });
  const words = `${counted(messages, 'message')} in ${counted(bytes, 'byte')} of ${format}`;
  if (to === STDOUT) output.note(words);
  else output.result('converted', { messages, bytes, format, to }, `${words}: ${to}`);
}

async function importFrom(
  from: string,
  to: string,
  { format = formatOf(from, 'ndjson'), filter }: ConvertOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const operation = 'cli.capture';
  if (filter !== '')
    throw new WakuDeskError('BAD_USE', 'A file is converted whole.', {
      operation,
      hint: 'Leave --filter out, and run `capture filter` on the new capture.',
    });
  const { badLines, ...report } = await importCapture(from, to, { format, maxBytes: 2 ** 50, signal });
  for (const bad of badLines.slice(0, SHOWN_BAD_LINES))
    output.result('badLine', bad, `line ${bad.line}: ${bad.problem} [${bad.code}]`);
  const { messages, states, gaps, badCount } = report;
  const words = [counted(messages, 'message'), counted(states, 'state'), counted(gaps, 'gap')].join(', ');
  output.result('converted', { ...report, to }, `${words}: ${to}`);
  if (badCount > 0)
    throw new WakuDeskError('CHECK_FAILED', `${counted(badCount, 'line')} of ${from} could not be read.`, {
      operation,
      hint: 'The first of them stand above; all the others are in the new capture.',
    });
}

/** @throws WakuDeskError FILTER_INVALID, CAPTURE_INVALID, CAPTURE_WRITE_FAILED, FILE_FAILED */
export async function runCaptureFilter(
  [from, to]: readonly [string, string],
  { filter }: { filter: string },
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const report = await copyCapture(await Capture.openReadOnly(from), to, { filter, signal });
  output.result(
    'filtered',
    { ...report, to },
    `${report.messages.toLocaleString('en')} of ${counted(report.scanned, 'message')}: ${to}`,
  );
}

/** @throws WakuDeskError CAPTURE_INVALID, CAPTURE_WRITE_FAILED, FILE_FAILED */
export async function runCaptureMerge(
  [a, b, to]: readonly [string, string, string],
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const sources = [await Capture.openReadOnly(a), await Capture.openReadOnly(b)];
  const report = await mergeCaptures(sources, to, signal);
  const { messages, duplicates, unreadable } = report;
  output.result(
    'merged',
    { ...report, to },
    `${counted(messages, 'message')}, ${counted(duplicates, 'copy of them', 'copies of them')} left out: ${to}`,
  );
  if (unreadable > 0)
    output.note(`${counted(unreadable, 'message')} could not be read: the lines are damaged`);
}

/** @throws WakuDeskError CHECK_FAILED when they differ; FILTER_INVALID, CAPTURE_INVALID, FILE_FAILED */
export async function runCaptureDiff(
  [a, b]: readonly [string, string],
  { filter, limit }: { filter: string; limit: number },
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const captures = { a: await Capture.openReadOnly(a), b: await Capture.openReadOnly(b) };
  const folders = { a, b };
  let shown = 0;
  const counts = await diffCaptures(captures.a, captures.b, {
    filter,
    signal,
    onDifference: async (side, message) => {
      if (shown++ >= limit) return;
      const missedBy = side === 'a' ? 'b' : 'a';
      output.result(
        'difference',
        { missedBy, onlyIn: side, ...message },
        `missed by ${missedBy}  ${summaryLine(message)}`,
      );
      await output.drained();
    },
  });
  const gaps = { gapsA: captures.a.gaps().length, gapsB: captures.b.gaps().length };
  const [gapsA, gapsB] = [counted(gaps.gapsA, 'gap'), counted(gaps.gapsB, 'gap')];
  output.result(
    'diffSummary',
    { ...counts, ...gaps, a, b, shown: Math.min(shown, limit) },
    [
      `both          ${counted(counts.both, 'message')}`,
      `missed by b   ${counts.onlyA.toLocaleString('en')}  (only in a: ${folders.a}, ${gapsA})`,
      `missed by a   ${counts.onlyB.toLocaleString('en')}  (only in b: ${folders.b}, ${gapsB})`,
      ...againText(counts),
    ].join('\n'),
  );
  if (counts.onlyA + counts.onlyB > 0)
    throw new WakuDeskError(
      'CHECK_FAILED',
      `The captures differ: a missed ${counted(counts.onlyB, 'message')}, b missed ${counts.onlyA.toLocaleString('en')}.`,
      {
        operation: 'cli.capture',
        hint: 'Narrow it down with --filter; a capture with gaps has itself to blame for some.',
      },
    );
}

function againText({ againA, againB }: DiffCounts): string[] {
  if (againA + againB === 0) return [];
  return [`again         ${againA.toLocaleString('en')} in a, ${againB.toLocaleString('en')} in b`];
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new WakuDeskError('FILE_FAILED', `Cannot read ${path}.`, {
      operation: 'cli.capture',
      hint: `Name the folder of a capture, or a file of NDJSON or CSV (${describeCause(error)}).`,
      cause: error,
    });
  }
}

/** @param otherwise where the name does not tell; left out: that is refused */
function formatOf(path: string, otherwise?: CaptureFormat): CaptureFormat {
  const format = CAPTURE_FORMATS.find((name) => extname(path) === `.${name}`) ?? otherwise;
  if (format !== undefined) return format;
  throw new WakuDeskError('BAD_USE', `It does not follow from the name ${path} what to write.`, {
    operation: 'cli.capture',
    hint: 'Name a file that ends with .ndjson or .csv, or give --format.',
  });
}
