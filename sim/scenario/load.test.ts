import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { scenarioText } from './fixture-scenario.ts';
import { loadScenario } from './load.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waku-scenario-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function needsDevices(context: TestContext): void {
  if (process.platform === 'win32') context.skip('Windows has no such files');
}

describe('what never ends, or never begins, is refused and not read', () => {
  it('as a scenario', async (context) => {
    needsDevices(context);
    const path = join(temporaryFolder(), 'pipe.yaml');
    execFileSync('mkfifo', [path]);
    await expect(loadScenario(path)).rejects.toMatchObject({
      code: 'FILE_FAILED',
      message: `${path} is not a file.`,
    });
  });

  it('as the file of a topology', async (context) => {
    needsDevices(context);
    const path = join(temporaryFolder(), 'zero.yaml');
    writeFileSync(path, scenarioText({ topology: 'topology: { kind: file, path: /dev/zero }' }));
    await expect(loadScenario(path)).rejects.toMatchObject({ code: 'SCENARIO_INVALID' });
  });
});
