/**
 * A Debian package with dpkg-deb, from the arguments that electron-builder gives to fpm.
 * Used where electron-builder's own fpm cannot be downloaded.
 */
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);

export interface DebRequest {
  name: string;
  version: string;
  architecture: string;
  maintainer: string;
  url: string;
  description: string;
  priority: string;
  section: string;
  depends: string[];
  recommends: string[];
  /** Scripts. */
  afterInstall: string;
  afterRemove: string;
  /** What goes where: folders end with a slash. */
  contents: { from: string; to: string }[];
  /** dpkg-deb's: xz, gzip. */
  compression: string;
  output: string;
}

/** fpm's arguments as electron-builder writes them. */
export function readFpmArguments(args: readonly string[]): DebRequest {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      s: { type: 'string', short: 's' },
      t: { type: 'string', short: 't' },
      force: { type: 'boolean' },
      d: { type: 'string', short: 'd', multiple: true, default: [] },
      'deb-recommends': { type: 'string', multiple: true, default: [] },
      'deb-compression': { type: 'string', default: 'xz' },
      'deb-priority': { type: 'string', default: 'optional' },
      category: { type: 'string', default: 'utils' },
      architecture: text,
      'after-install': text,
      'after-remove': text,
      description: text,
      version: text,
      package: text,
      name: text,
      maintainer: text,
      vendor: text,
      url: text,
      license: text,
    },
  });
  const needed = (name: Exclude<keyof typeof values, 'force' | 'd' | 'deb-recommends'>): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`deb: --${name} is missing`);
    return value;
  };
  return {
    name: needed('name'),
    version: needed('version'),
    architecture: needed('architecture'),
    maintainer: needed('maintainer'),
    url: needed('url'),
    description: needed('description'),
    priority: values['deb-priority'],
    section: values.category,
    depends: values.d,
    recommends: values['deb-recommends'],
    afterInstall: needed('after-install'),
    afterRemove: needed('after-remove'),
    contents: positionals.map((pair) => {
      const at = pair.lastIndexOf('=');
      return { from: pair.slice(0, at), to: pair.slice(at + 1) };
    }),
    compression: values['deb-compression'],
    output: needed('package'),
  };
}

/** Builds it. */
export async function buildDeb(request: DebRequest): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-deb-'));
  try {
    for (const { from, to } of request.contents) {
      const place = join(folder, to);
      await mkdir(dirname(place), { recursive: true });
      await cp(from, place, { recursive: true, verbatimSymlinks: true });
    }
    const scripts = join(folder, 'DEBIAN');
    await mkdir(scripts);
    await writeFile(join(scripts, 'control'), controlOf(request, await sizeOf(folder)));
    for (const [from, name] of [
      [request.afterInstall, 'postinst'],
      [request.afterRemove, 'postrm'],
    ] as const) {
      await copyFile(from, join(scripts, name));
      await chmod(join(scripts, name), 0o755);
    }
    await chmod(folder, 0o755);
    const level = process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL;
    const compression = level === undefined ? [`-Z${request.compression}`] : ['-Zgzip', `-z${level}`];
    await run('dpkg-deb', [...compression, '--root-owner-group', '--build', folder, request.output]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function controlOf(request: DebRequest, bytes: number): string {
  const { name, version, architecture, maintainer, url, priority, section, depends, recommends } = request;
  const [synopsis = '', ...more] = request.description.trim().split('\n');
  const lines = [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${Math.ceil(bytes / 1024)}`,
    `Depends: ${depends.join(', ')}`,
    ...(recommends.length > 0 ? [`Recommends: ${recommends.join(', ')}`] : []),
    `Section: ${section}`,
    `Priority: ${priority}`,
    `Homepage: ${url}`,
    `Description: ${synopsis.trim()}`,
    ...more.map((line) => ` ${line.trim() === '' ? '.' : line.trim()}`),
  ];
  return `${lines.join('\n')}\n`;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

if (process.argv[1] === import.meta.filename) await buildDeb(readFpmArguments(process.argv.slice(2)));
