/** Which glibc an ELF file of 64 bits needs, from its section .gnu.version_r. */
import type { ReadAt } from './library-file.ts';

const SHT_GNU_VERNEED = 0x6ffffffe;
const SECTION_BYTES = 64;
const MOST_SECTIONS = 4_096;
/** Names of all that is exported and needed; libwaku has less than 1 MiB of them. */
const MOST_BYTES = 32 << 20;

interface Section {
  type: number;
  offset: number;
  size: number;
  /** The section with its texts. */
  link: number;
}

/** @returns such as "2.34"; null where none is needed, or the file does not say */
export async function glibcOf(header: Buffer, readAt: ReadAt): Promise<string | null> {
  const sections = await readSections(header, readAt);
  const needs = sections.find(({ type }) => type === SHT_GNU_VERNEED);
  const names = needs === undefined ? undefined : sections[needs.link];
  if (needs === undefined || names === undefined) return null;
  if (needs.size > MOST_BYTES || names.size > MOST_BYTES) return null;
  const texts = await readAt(names.offset, names.size);
  const versions = neededVersions(await readAt(needs.offset, needs.size), texts).flatMap(
    (name) => /^GLIBC_(\d+(?:\.\d+)+)$/.exec(name)?.[1] ?? [],
  );
  return versions.sort(compareVersions).pop() ?? null;
}

/** Negative: a is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function readSections(header: Buffer, readAt: ReadAt): Promise<Section[]> {
  const offset = Number(header.readBigUInt64LE(40));
  const count = header.readUInt16LE(60);
  if (header.readUInt16LE(58) !== SECTION_BYTES || count > MOST_SECTIONS) return [];
  if (!Number.isSafeInteger(offset)) return [];
  const table = await readAt(offset, count * SECTION_BYTES);
  const sections: Section[] = [];
  for (let at = 0; at + SECTION_BYTES <= table.length; at += SECTION_BYTES)
    sections.push({
      type: table.readUInt32LE(at + 4),
      offset: Number(table.readBigUInt64LE(at + 24)),
      size: Number(table.readBigUInt64LE(at + 32)),
      link: table.readUInt32LE(at + 40),
    });
  return sections.filter(({ offset, size }) => Number.isSafeInteger(offset) && Number.isSafeInteger(size));
}

/** Verneed entries, each with its chain of Vernaux entries; both say how far the next one is. */
function neededVersions(needs: Buffer, texts: Buffer): string[] {
  const ENTRY = 16;
  const versions: string[] = [];
  for (let at = 0, next = 1; next !== 0 && at + ENTRY <= needs.length; at += next) {
    let auxiliary = at + needs.readUInt32LE(at + 8);
    for (let left = needs.readUInt16LE(at + 2); left > 0 && auxiliary + ENTRY <= needs.length; left--) {
      versions.push(textAt(texts, needs.readUInt32LE(auxiliary + 8)));
      auxiliary += needs.readUInt32LE(auxiliary + 12);
    }
    next = needs.readUInt32LE(at + 12);
  }
  return versions;
}

function textAt(texts: Buffer, offset: number): string {
  const end = texts.indexOf(0, offset);
  return offset < texts.length && end !== -1 ? texts.toString('latin1', offset, end) : '';
}
