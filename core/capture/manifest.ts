/** `capture.json`: what makes a folder a capture. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { WakuDeskError } from '../engine/errors.ts';
import { codeOf } from './system-error.ts';

const MAGIC = 'waku-desk-capture';
/** Raised when older programs could not read what newer ones write. */
const FORMAT = 1;
const MANIFEST = 'capture.json';
const MAX_MANIFEST_BYTES = 64 * 1024;
/** Ours while a capture is being made, or put there by a file manager: a folder with these alone is empty. */
const NOT_CONTENT = /^(\.DS_Store|desktop\.ini|Thumbs\.db|capture\.json\.tmp|writer\.lock.*)$/;

export interface Manifest {
  magic: typeof MAGIC;
  format: number;
  /** Random UUID, in every segment and index too. */
  id: string;
  /** ISO 8601. */
  created: string;
}

const manifestSchema = z.object({
  magic: z.literal(MAGIC),
  format: z.int().positive(),
  id: z.string().min(1).max(100),
  created: z.string(),
});

/**
 * The manifest of a folder; null when there is no folder, or an empty one. Changes nothing.
 * @throws WakuDeskError CAPTURE_INVALID: something else is in the folder, or a newer format
 */
export async function readManifest(dir: string): Promise<Manifest | null> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    if (['EACCES', 'EPERM'].includes(codeOf(error) ?? ''))
      throw invalid(`${dir} may not be read: the system denies it`, 'Choose a folder of your own.', error);
    throw invalid(`${dir} cannot be read as a folder`, 'Choose another folder for the capture.', error);
  });
  if (names === null || names.every((name) => NOT_CONTENT.test(name))) return null;
  if (!names.includes(MANIFEST))
    throw invalid(`${dir} has files in it but no capture.json`, 'Choose a new or an empty folder.');
  return parseManifest(dir);
}

/** Makes the folder a capture. The caller holds the writer lock. */
export async function writeManifest(dir: string): Promise<Manifest> {
  const manifest: Manifest = {
    magic: MAGIC,
    format: FORMAT,
    id: randomUUID(),
    created: new Date().toISOString(),
  };
  const temporary = join(dir, `${MANIFEST}.tmp`);
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(dir, MANIFEST));
  return manifest;
}

/** Makes the folder and those above it; mkdir's own `recursive` never ends in a folder such as /proc. */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(dir)).isDirectory()) return;
    const parent = dirname(dir);
    if (code !== 'ENOENT' || parent === dir) throw error;
    await makeFolder(parent);
    await mkdir(dir);
  }
}

async function parseManifest(dir: string): Promise<Manifest> {
  const path = join(dir, MANIFEST);
  const hint = 'Choose another folder; this one is left as it is.';
  let value: unknown;
  try {
    const { size } = await stat(path);
    if (size > MAX_MANIFEST_BYTES) throw new RangeError(`it has ${String(size)} bytes`);
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw invalid(`${path} cannot be read`, hint, error);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw invalid(`${path} is not a capture's`, hint, parsed.error.issues[0]?.message);
  if (parsed.data.format > FORMAT)
    throw invalid(
      `${dir} has capture format ${String(parsed.data.format)}, this program knows ${String(FORMAT)}`,
      'Open it with a newer Waku Desk.',
    );
  return parsed.data;
}

export function invalid(message: string, hint: string, cause?: unknown): WakuDeskError {
  const details = { operation: 'capture.open', hint };
  return new WakuDeskError('CAPTURE_INVALID', message, cause === undefined ? details : { ...details, cause });
}
