/** Which Electron goes into a package. */
import { createRequire } from 'node:module';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { canDownload } from '../electron/find-electron.mjs';
import { TEST_ELECTRON, testElectron } from '../electron/test-electron.mjs';
import type { Target } from './request.ts';

export type PackagedElectron =
  /** electron-builder downloads it. */
  | { kind: 'release'; version: string }
  | { kind: 'testelectron'; version: string; folder: string; appImageRuntime: string | null };

/**
 * The one that package.json pins; where it cannot be downloaded, the one for tests.
 * @throws WakuDeskError FILE_FAILED: neither can be had
 */
export async function electronFor(target: Target, say: (text: string) => void): Promise<PackagedElectron> {
  if (await canDownload()) {
    const manifest = createRequire(import.meta.url)('electron/package.json') as { version: string };
    return { kind: 'release', version: manifest.version };
  }
  const tested = await testElectron(target, say);
  if ('folder' in tested) return { kind: 'testelectron', version: TEST_ELECTRON.version, ...tested };
  throw new WakuDeskError('FILE_FAILED', "Electron's download server cannot be reached.", {
    operation: 'package.electron',
    hint: `Check the network, or set ELECTRON_MIRROR. ${tested.missing}`,
  });
}
