/** What the page is answered, each file with the policy of the page. */
import { readFile } from 'node:fs/promises';
import { pageHeaders } from '../../server/web/page-headers.ts';
import { uiFile } from '../../server/web/ui-files.ts';
import type { SchemeAnswer } from '../compat/serve-scheme.ts';
import { pagePath } from '../page-address.ts';

/** Where the files of the page are. */
export interface PageSource {
  /** Of every answer. */
  headers: Readonly<Record<string, string>>;
  /** @returns null: there is none; rejects where it cannot be read */
  read: (path: string, search: string) => Promise<{ type: string; body: Buffer } | null>;
}

/** The app's own. */
export function pageOf(folder: string): PageSource {
  return {
    // The page connects nowhere: it reaches its node through the bridge.
    headers: pageHeaders("'none'"),
    async read(path) {
      const file = await uiFile(folder, path);
      return file === null ? null : { type: file.type, body: await readFile(file.path) };
    },
  };
}

/** Never rejects. */
export async function answerPage(
  { headers, read }: PageSource,
  address: string,
  method: string,
): Promise<SchemeAnswer> {
  const refusal = (status: number, sentence: string): SchemeAnswer => ({
    status,
    headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' },
    body: Buffer.from(`${sentence}\n`),
  });
  const path = pagePath(address);
  if (path === null) return refusal(403, 'This address is not of the window.');
  if (method !== 'GET') return refusal(405, 'This can only be read.');
  try {
    const file = await read(path, new URL(address).search);
    if (file === null) return refusal(404, 'There is no such file.');
    return { status: 200, headers: { ...headers, 'Content-Type': file.type }, body: file.body };
  } catch {
    return refusal(500, 'This file cannot be read.');
  }
}
