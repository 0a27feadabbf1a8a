/** Release packages as tar streams: .tar.gz, and .deb, which is an ar archive around a tar. */
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damaged } from './byte-reader.ts';

/** A part of a file. */
interface Part {
  path: string;
  start: number;
  /** Not included. */
  end: number;
}

const AR_MAGIC = '!<arch>\n';
const AR_HEADER = 60;
/** A .deb has three. */
const MOST_MEMBERS = 16;

/** @returns null where the file is no package: the library itself, or something else */
export async function packageStream(
  path: string,
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return gunzip({ path, start: 0, end: size });
    if (buffer.toString('latin1') !== AR_MAGIC) return null;
    // It is there where .deb packages are, and reads every kind of them.
    const dpkg = await output('dpkg-deb', ['--fsys-tarfile', path], null, signal);
    if (dpkg !== null) return dpkg;
    const member = await dataMember(file, { path, start: AR_MAGIC.length, end: size });
    return await decompressed(member, signal);
  } finally {
    await file.close();
  }
}

type Member = Part & { name: string };

async function dataMember(file: Awaited<ReturnType<typeof open>>, archive: Part): Promise<Member> {
  let at = archive.start;
  for (let members = 0; members < MOST_MEMBERS && at + AR_HEADER <= archive.end; members++) {
    const { buffer } = await file.read(Buffer.alloc(AR_HEADER), 0, AR_HEADER, at);
    const name = buffer.toString('latin1', 0, 16).replace(/\/?\s*$/, '');
    const size = Number.parseInt(buffer.toString('latin1', 48, 58), 10);
    const start = at + AR_HEADER;
    if (!(size >= 0) || start + size > archive.end) break;
    if (name.startsWith('data.tar')) return { path: archive.path, start, end: start + size, name };
    // Members begin at even places.
    at = start + size + (size % 2);
  }
  throw damaged('it is an ar archive without a data.tar inside, so it is no Debian package');
}

async function decompressed(member: Member, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const suffix = member.name.slice('data.tar'.length);
  if (suffix === '') return streamOf(member);
  if (suffix === '.gz') return gunzip(member);
  const program = { '.xz': 'xz', '.zst': 'zstd' }[suffix];
  if (program === undefined) throw damaged(`${member.name} is compressed in a way that is not known here`);
  const stream = await output(program, ['-dc'], streamOf(member), signal);
  if (stream === null) throw damaged(`${member.name} needs dpkg-deb or ${program}, and neither is installed`);
  return stream;
}

function streamOf({ path, start, end }: Part): Readable {
  return createReadStream(path, { start, end: Math.max(start, end - 1) });
}

async function* gunzip(part: Part): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip();
  // Its failure comes out of the iteration.
  pipeline(streamOf(part), unpacked, () => undefined);
  try {
    for await (const chunk of unpacked) yield chunk as Uint8Array;
  } catch (error) {
    throw damaged('it is not compressed as it says', error);
  }
}

/** What a program prints; null where it is not installed. */
async function output(
  program: string,
  args: readonly string[],
  input: Readable | null,
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...(signal && { signal }) });
  // Read from now on: what nobody reads when a process ends is thrown away.
  const printed = new PassThrough();
  pipeline(child.stdout, printed, () => undefined);
  const ended = new Promise<string | null>((resolve) => {
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words = `${words}${chunk.toString()}`.slice(0, 500)));
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code) => {
      resolve(code === 0 ? null : words.trim() || `${program} ended with ${String(code)}`);
    });
  });
  const runs = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => {
      resolve(true);
    });
    child.once('error', () => {
      resolve(false);
    });
  });
  if (!runs) return null;
  // Whoever has read enough ends it, and its input breaks then.
  pipeline(input ?? emptyInput(), child.stdin, () => undefined);
  return (async function* read() {
    try {
      for await (const chunk of printed) yield chunk as Uint8Array;
      const problem = await ended;
      if (problem !== null) throw damaged('it cannot be unpacked', problem);
    } finally {
      child.kill();
    }
  })();
}

async function* emptyInput(): AsyncGenerator<Uint8Array> {
  // dpkg-deb reads the file itself.
}
