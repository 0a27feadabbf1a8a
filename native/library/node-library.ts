/** Where this program looks for a node library: in one place, for whoever creates engines and whoever examines them. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { builtFolder, resourcesFolder } from './own-folders.ts';
import { stagedFolder } from './data-folder.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { locateLibrary, type LibraryKind, type Located } from './locate.ts';

/** The library of each engine that has one. */
export const LIBRARY_OF = { nwaku: 'libwaku', 'go-waku': 'libgowaku' } as const satisfies Record<
  Exclude<EngineKind, 'js'>,
  LibraryKind
>;

/**
 * @param named the file that the user named, where there is one: it counts or fails
 * @throws WakuDeskError as {@link locateLibrary}
 */
export function locateNodeLibrary(kind: LibraryKind, named?: string): Promise<Located> {
  const resources = resourcesFolder();
  return locateLibrary(kind, {
    ...(named !== undefined && { flag: named }),
    environment: process.env,
    platform: process.platform,
    stagedFolder: stagedFolder(),
    ...(resources !== undefined && { resourcesFolder: resources }),
    // libwaku is never built here.
    ...(kind === 'libgowaku' && { builtFolder: builtFolder() }),
  });
}

/**
 * An engine's library, which has to be there.
 * @throws WakuDeskError LIBRARY_MISSING; and as {@link locateLibrary}
 */
export async function requireNodeLibrary(
  engine: keyof typeof LIBRARY_OF,
  named?: string,
): Promise<Located & { found: true }> {
  const kind = LIBRARY_OF[engine];
  const located = await locateNodeLibrary(kind, named);
  if (located.found) return located;
  throw new WakuDeskError(
    'LIBRARY_MISSING',
    `The engine ${engine} needs ${kind}, which is not on this machine.`,
    {
      operation: 'engine.load',
      hint: "Run 'waku-desk doctor': it says where to get it and where to put it. Or use --engine js.",
      cause: `looked for ${located.looked.join(', ')}`,
    },
  );
}
