/** What the page is answered: files of one folder, each with the policy of the page. */
import { readFile } from 'node:fs/promises';
import { pageHeaders } from '../../server/web/page-headers.ts';
import { uiFile } from '../../server/web/ui-files.ts';
import type { SchemeAnswer } from '../compat/serve-scheme.ts';
import { pagePath } from '../page-address.ts';

/** The page connects nowhere: it reaches its node through the bridge. */
const HEADERS = pageHeaders("'none'");

/** Never rejects. */
export async function answerPage(folder: string, address: string, method: string): Promise<SchemeAnswer> {
  const path = pagePath(address);
  if (path === null) return refusal(403, 'This address is not of the window.');
  if (method !== 'GET') return refusal(405, 'This can only be read.');
  const file = await uiFile(folder, path);
  if (file === null) return refusal(404, 'There is no such file.');
  try {
    return {
      status: 200,
      headers: { ...HEADERS, 'Content-Type': file.type },
      body: await readFile(file.path),
    };
  } catch {
    return refusal(500, 'This file cannot be read.');
  }
}

function refusal(status: number, sentence: string): SchemeAnswer {
  return {
    status,
    headers: { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' },
    body: Buffer.from(`${sentence}\n`),
  };
}
