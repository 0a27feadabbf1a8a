/** Electron Forge drives development (`npm run dev`). Packages are electron-builder's matter: build/package. */
import type { ForgeConfig } from '@electron-forge/shared-types';
import { DevelopmentPlugin } from './build/development.ts';

const config: ForgeConfig = { plugins: [new DevelopmentPlugin()] };

export default config;
