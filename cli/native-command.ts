/** `waku-desk native`: the node libraries of this user. */
import type { LibraryKind } from '../native/library/locate.ts';
import { stageLibrary, unstageLibrary } from '../native/staging/stage.ts';
import type { Output } from './output.ts';

const ENGINES: Record<LibraryKind, string> = { libwaku: 'nwaku', libgowaku: 'go-waku' };

/** @throws WakuDeskError as {@link stageLibrary} */
export async function runNativeAdd(
  file: string,
  { kind }: { kind?: LibraryKind },
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const staged = await stageLibrary(file, { kind, signal });
  const { path, sha256, generation, version, missing, replaced } = staged;
  const lacks = missing.length === 0 ? '' : `, without ${missing.length} newer functions`;
  output.result(
    'staged',
    staged,
    [
      `${replaced ? 'Replaced' : 'Staged'} ${path}`,
      `  version     ${version ?? 'not told'} (generation ${generation}${lacks})`,
      `  sha256      ${sha256}`,
      `Run it with: waku-desk serve --engine ${ENGINES[staged.kind]}`,
    ].join('\n'),
  );
}

/** @throws WakuDeskError as {@link unstageLibrary} */
export async function runNativeRemove(kind: LibraryKind, output: Output): Promise<void> {
  const removed = await unstageLibrary(kind);
  output.result(
    'removed',
    { kind, removed },
    removed ? `Removed the staged ${kind}.` : `No ${kind} is staged.`,
  );
}
