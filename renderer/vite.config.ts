/** Builds the window: one page, one script, one stylesheet, nothing inline, relative addresses. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [react()],
  build: {
    // The oldest Electron that runs this has Chrome 108.
    target: 'chrome108',
    outDir: here('../dist/ui'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // One page that is loaded from this machine.
    chunkSizeWarningLimit: 1_000,
  },
});
