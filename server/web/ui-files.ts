/** The files of the user interface, by the path of a request. */
import { realpath, stat } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

export interface UiFile {
  path: string;
  /** For the header Content-Type. */
  type: string;
  bytes: number;
}

/** `index.html` for `/`. null: what is not a plain file inside the folder is not there. */
export async function uiFile(folder: string, urlPath: string): Promise<UiFile | null> {
  const name = decoded(urlPath === '/' ? '/index.html' : urlPath);
  if (name === null || name.includes('\0') || name.includes('\\')) return null;
  const type = TYPES[extname(name)];
  if (type === undefined) return null;
  try {
    const root = await realpath(folder);
    // Links are followed first: one that leads out of the folder is outside.
    const path = await realpath(resolve(root, `.${name}`));
    if (!path.startsWith(root + sep)) return null;
    const { size, isFile } = await statOf(path);
    return isFile ? { path, type, bytes: size } : null;
  } catch {
    // Missing, a loop of links, a name too long: not there.
    return null;
  }
}

async function statOf(path: string): Promise<{ size: number; isFile: boolean }> {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile() };
}

function decoded(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath);
  } catch {
    return null;
  }
}
