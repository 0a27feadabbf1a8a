/** The contract, by engines in a real Electron: the embedded one in a utility process, go-waku in the main process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { parseNodeConfig } from '../../core/engine/config.ts';
import type { EngineHost } from '../../core/engine/profiles.ts';
import { conformance } from '../../engines/conformance/conformance.ts';
import type { RemoteEngine } from '../../engines/host/connect.ts';
import { GO_LIMITS } from '../../engines/native/fixture-adapters.ts';
import { buildBridge } from '../../native/build.mjs';
import { locateNodeLibrary } from '../../native/library/node-library.ts';
import { FixtureElectron, whyNoElectron } from './fixture-electron.ts';

const missing = await whyNoElectron();
const { found: hasLibgowaku } = await locateNodeLibrary('libgowaku');
suite('js', 'utility', missing);
suite(
  'go-waku',
  'main',
  missing ?? (hasLibgowaku ? undefined : 'libgowaku is not built here: it needs Go (npm run native:go-waku)'),
  GO_LIMITS,
);

/** Registers the suite, or a skip that says why not. */
function suite(
  kind: EngineKind,
  host: EngineHost,
  why: string | undefined,
  limits: Readonly<Record<string, string>> = {},
): void {
  const name = `${kind} in Electron (${host})`;
  if (why !== undefined) {
    describe(`the contract on ${name}`, () => {
      it('is kept', (context) => {
        context.skip(why);
      });
    });
    return;
  }
  let electron: FixtureElectron;
  let folder: string;
  beforeAll(async () => {
    if (kind !== 'js') await buildBridge();
    folder = await mkdtemp(join(tmpdir(), 'waku-desk-electron-'));
    electron = await FixtureElectron.start();
  }, 300_000);
  afterAll(async () => {
    await electron.close();
    await rm(folder, { recursive: true, force: true });
  });
  conformance({
    name,
    limits,
    lanes: 4,
    create: (config) => {
      const place = kind === 'js' ? {} : { nodeLog: join(folder, 'node.log') };
      return electron.open({ host, kind, config: parseNodeConfig(config), place });
    },
    dispose: (engine) => {
      (engine as RemoteEngine).close();
      return Promise.resolve();
    },
  });
}
