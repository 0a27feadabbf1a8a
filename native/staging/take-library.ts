/** The one library file out of a release package, or the file itself. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { kindOfName, type LibraryKind } from '../library/locate.ts';
import { ByteReader, damaged } from './byte-reader.ts';
import { packageStream } from './package-file.ts';
import { tarFiles } from './tar.ts';

/** libwaku has 20 MB, libgowaku 45 MB; with debug information a few times that. */
const MOST_LIBRARY_BYTES = 512 << 20;
const MOST_UNPACKED_BYTES = 1 << 30;

export interface Taken {
  kind: LibraryKind;
  /** Of the copy. */
  path: string;
}

/**
 * Copies the library into a folder. Links are not followed, names in the package only chosen by.
 * @param kind where the name does not tell it, or a package has both
 * @throws WakuDeskError FILE_FAILED, BAD_USE
 */
export async function takeLibrary(
  source: string,
  folder: string,
  { kind, signal }: { kind?: LibraryKind | undefined; signal?: AbortSignal | undefined },
): Promise<Taken> {
  const { size } = await stat(source);
  if (size > MOST_LIBRARY_BYTES) throw damaged(`it is larger than ${MOST_LIBRARY_BYTES >> 20} MiB`);
  const stream = await packageStream(source, signal);
  if (stream !== null) return fromPackage(stream, folder, { kind, signal });
  const known = kind ?? kindOfName(source);
  if (known === undefined) throw unknownKind(basename(source));
  const path = join(folder, basename(source));
  await pipeline(createReadStream(source), createWriteStream(path), { signal });
  return { kind: known, path };
}

async function fromPackage(
  stream: AsyncIterable<Uint8Array>,
  folder: string,
  { kind, signal }: { kind: LibraryKind | undefined; signal: AbortSignal | undefined },
): Promise<Taken> {
  const reader = new ByteReader(stream, MOST_UNPACKED_BYTES);
  let taken: (Taken & { from: string }) | null = null;
  try {
    for await (const file of tarFiles(reader)) {
      const found = kindOfName(file.path);
      if (found === undefined || (kind !== undefined && found !== kind)) continue;
      if (taken !== null) throw several(taken.from, file.path);
      if (file.sizeBytes > MOST_LIBRARY_BYTES) throw damaged(`${basename(file.path)} in it is too large`);
      const path = join(folder, basename(file.path));
      await pipeline(Readable.from(file.content()), createWriteStream(path), { signal });
      taken = { kind: found, path, from: file.path };
    }
  } finally {
    await reader.close();
  }
  if (taken === null)
    throw damaged(`no ${kind ?? 'libwaku or libgowaku'} library file is in it (links do not count)`);
  return { kind: taken.kind, path: taken.path };
}

function unknownKind(name: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', `${name} tells by its name neither libwaku nor libgowaku.`, {
    operation: 'native.add',
    hint: 'Say which it is with --kind libwaku or --kind libgowaku.',
  });
}

function several(first: string, second: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', `The package has more than one library: ${first} and ${second}.`, {
    operation: 'native.add',
    hint: 'Choose with --kind, or unpack it and add the library file.',
  });
}
