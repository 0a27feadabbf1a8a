/** What a library's file tells of itself, read without loading it. */
import { open, type FileHandle } from 'node:fs/promises';
import { glibcOf } from './elf-versions.ts';

export interface LibraryFile {
  system: 'linux' | 'darwin' | 'win32';
  /** As process.arch names them; several in a universal file of macOS. */
  architectures: string[];
  /** False for programs and object files. */
  isLibrary: boolean;
  /** The oldest glibc that has everything it needs; null where it needs none, or says nothing. */
  glibc: string | null;
}

/** Reads a part of a file; shorter where the file ends. */
export type ReadAt = (offset: number, size: number) => Promise<Buffer>;

const ELF_MACHINES: Record<number, string> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
};
const MACH_CPUS: Record<number, string> = { 0x01000007: 'x64', 0x0100000c: 'arm64', 7: 'ia32', 12: 'arm' };
const PE_MACHINES: Record<number, string> = { 0x014c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64' };

const HEADER_BYTES = 64;
/** Of a universal file; the same magic number begins Java's classes, with larger numbers behind it. */
const MOST_ARCHITECTURES = 16;

/** @returns null for what is no library of a system known here. @throws what the system says when it cannot be read */
export async function readLibraryFile(path: string): Promise<LibraryFile | null> {
  const file = await open(path);
  try {
    const readAt: ReadAt = (offset, size) => read(file, offset, size);
    const header = await readAt(0, HEADER_BYTES);
    if (header.length < HEADER_BYTES) return null;
    const magic = header.readUInt32BE(0);
    if (magic === 0x7f454c46) return await readElf(header, readAt);
    if (magic === 0xcffaedfe) return readMachO(header);
    if (magic === 0xcafebabe) return await readUniversal(header, readAt);
    if (header.readUInt16BE(0) === 0x4d5a) return await readPe(header, readAt);
    return null;
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  const buffer = Buffer.alloc(size);
  const { bytesRead } = await file.read(buffer, 0, size, offset);
  return buffer.subarray(0, bytesRead);
}

async function readElf(header: Buffer, readAt: ReadAt): Promise<LibraryFile | null> {
  const isLittle = header[5] === 1;
  if (!isLittle) return null;
  const SHARED = 3;
  return {
    system: 'linux',
    architectures: [nameOf(ELF_MACHINES, header.readUInt16LE(18))],
    isLibrary: header.readUInt16LE(16) === SHARED,
    // Of 64 bits.
    glibc: header[4] === 2 ? await glibcOf(header, readAt) : null,
  };
}

function readMachO(header: Buffer): LibraryFile {
  const DYLIB = 6;
  return {
    system: 'darwin',
    architectures: [nameOf(MACH_CPUS, header.readUInt32LE(4))],
    isLibrary: header.readUInt32LE(12) === DYLIB,
    glibc: null,
  };
}

async function readUniversal(header: Buffer, readAt: ReadAt): Promise<LibraryFile | null> {
  const count = header.readUInt32BE(4);
  const ENTRY = 20;
  const entries = await readAt(8, Math.min(count, MOST_ARCHITECTURES) * ENTRY);
  if (count > MOST_ARCHITECTURES || entries.length < count * ENTRY) return null;
  const architectures: string[] = [];
  let isLibrary = true;
  for (let at = 0; at < entries.length; at += ENTRY) {
    const part = await readAt(entries.readUInt32BE(at + 8), HEADER_BYTES);
    if (part.length < HEADER_BYTES || part.readUInt32BE(0) !== 0xcffaedfe) return null;
    const one = readMachO(part);
    architectures.push(...one.architectures);
    isLibrary = isLibrary && one.isLibrary;
  }
  return { system: 'darwin', architectures, isLibrary, glibc: null };
}

async function readPe(header: Buffer, readAt: ReadAt): Promise<LibraryFile | null> {
  const start = await readAt(header.readUInt32LE(0x3c), 24);
  if (start.length < 24 || start.toString('latin1', 0, 4) !== 'PE\0\0') return null;
  const DLL = 0x2000;
  return {
    system: 'win32',
    architectures: [nameOf(PE_MACHINES, start.readUInt16LE(4))],
    isLibrary: (start.readUInt16LE(22) & DLL) !== 0,
    glibc: null,
  };
}

function nameOf(names: Record<number, string>, number: number): string {
  return names[number] ?? `machine ${number}`;
}
