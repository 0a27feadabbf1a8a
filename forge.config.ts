/**
 * Electron Forge drives development (`npm run dev`), and puts the application in a folder for who develops it
 * (`electron-forge package`). Artifacts are electron-builder's matter (build/package): both have the same lists of files
 * and fuses.
 */
import type { ForgeConfig } from '@electron-forge/shared-types';
import { DevelopmentPlugin } from './build/development.ts';
import { PACKAGER, packageHooks } from './build/package/forge.ts';

const config: ForgeConfig = {
  outDir: 'packages/forge',
  packagerConfig: PACKAGER,
  hooks: packageHooks(),
  plugins: [new DevelopmentPlugin()],
};

export default config;
