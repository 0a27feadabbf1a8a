/** Budgets: what an artifact may weigh. build/README.md says what is in it. */
import type { OpenArtifact } from './artifact.ts';
import { unpackedBytes } from './contents.ts';
import { failed, ok, type Row } from './row.ts';

const MIB = 1 << 20;

/** Of the file that is downloaded: Electron with 110 MiB, the node library with 20, and room for half as much. */
export const DOWNLOAD_BUDGET_MIB = 180;
/** On the disk: Electron with 260 MiB, the node library with 40. */
export const UNPACKED_BUDGET_MIB = 420;

export async function sizeRows({ sizeBytes, root }: OpenArtifact): Promise<Row[]> {
  const rows = sizeBytes === null ? [] : [row('download size', sizeBytes, DOWNLOAD_BUDGET_MIB)];
  return [...rows, row('unpacked size', await unpackedBytes(root), UNPACKED_BUDGET_MIB)];
}

function row(what: string, bytes: number, budgetMib: number): Row {
  const detail = `${(bytes / MIB).toFixed(1)} MiB, budget ${budgetMib} MiB`;
  return bytes <= budgetMib * MIB ? ok(what, detail) : failed(what, detail);
}
