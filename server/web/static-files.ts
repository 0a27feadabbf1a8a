/** Sends the files of the user interface. */
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { refuse } from './responses.ts';
import { uiFile } from './ui-files.ts';

export async function sendFile(
  folder: string,
  urlPath: string,
  withBody: boolean,
  response: ServerResponse,
): Promise<void> {
  const file = await uiFile(folder, urlPath);
  if (file === null) {
    refuse(response, 404, 'There is no such file.');
    return;
  }
  response.setHeader('Content-Type', file.type);
  response.setHeader('Content-Length', file.bytes);
  if (withBody) await pipeline(createReadStream(file.path), response);
  else response.end();
}
