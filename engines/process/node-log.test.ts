import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dataFolder } from '../../native/library/data-folder.ts';
import { fileStamp, keepNewest } from './keep-newest.ts';
import { lastLines, newNodeLog } from './node-log.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0)) await end();
});

/** Wherever this system has it. */
function moveDataFolder(home: string): void {
  for (const name of ['HOME', 'XDG_DATA_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, home);
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-logs-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('a folder of dated files', () => {
  it('keeps the newest with what belongs to them, and what is not dated', async () => {
    const folder = await temporaryFolder();
    const names = [1, 2, 3].map((day) => `${fileStamp(day * 86_400_000)}-js.log`);
    for (const name of [...names, `${names[0] ?? ''}.1`, `${names[2] ?? ''}.1`, 'notes.txt'])
      await writeFile(join(folder, name), '');
    await keepNewest(folder, 2, ['.1']);
    expect((await readdir(folder)).sort()).toEqual(
      [names[1], names[2], `${names[2] ?? ''}.1`, 'notes.txt'].sort(),
    );
  });
});

describe('a new node log', () => {
  it('has a name of its own in the data folder, where at most 20 are kept', async () => {
    moveDataFolder(await temporaryFolder());
    const folder = join(dataFolder(), 'logs');
    for (let n = 0; n < 25; n++) await writeFile(await newNodeLog('go-waku'), `${n}\n`);
    const logs = await readdir(folder);
    expect(logs).toHaveLength(20);
    expect(lastLines(join(folder, logs.sort().at(-1) ?? ''), 5)).toEqual(['24']);
  });

  it('is FILE_FAILED where the folder cannot be made', async () => {
    const data = await temporaryFolder();
    await writeFile(join(data, 'file'), '');
    moveDataFolder(join(data, 'file'));
    await expect(newNodeLog('go-waku')).rejects.toMatchObject({ code: 'FILE_FAILED' });
  });
});

describe('the last lines of a file', () => {
  it('are whole lines, also of a long file, and none where there is no file', async () => {
    const file = join(await temporaryFolder(), 'node.log');
    const lines = Array.from({ length: 5_000 }, (_none, i) => `line ${i}`);
    await writeFile(file, `${lines.join('\n')}\n\n`);
    expect(lastLines(file, 3)).toEqual(lines.slice(-3));
    const most = lastLines(file, 5_000);
    expect(most).toEqual(lines.slice(-most.length));
    expect(lastLines(`${file}.none`, 3)).toEqual([]);
  });
});
