/** Lint: strict types, the rooms' import rules of ARCHITECTURE.md, and what each room's runtime has. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import js from '@eslint/js';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import n from 'eslint-plugin-n';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = dirname(fileURLToPath(import.meta.url));

/** Which rooms each room may import, beside itself. */
const MAY_IMPORT = {
  'core/waku': [],
  'core/engine': ['core/waku'],
  'core/filter': ['core/waku', 'core/engine', 'core/capture/records.ts'],
  'core/capture': ['core/waku', 'core/engine', 'core/filter'],
  'core/session': ['core/waku', 'core/engine', 'core/capture'],
  'engines/js': ['core', 'engines/conformance'],
  'engines/host': ['core', 'engines/js', 'engines/conformance'],
  'engines/conformance': ['core', 'engines/host'],
  cli: ['core', 'engines'],
};

/** The zones of import-x/no-restricted-paths. */
const zones = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  target: join(root, room),
  from: root,
  except: [room, ...allowed, 'node_modules', 'package.json'],
  message: `${room} may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')} of this project.`,
}));

/** Rooms whose code a browser runs as well. */
const BROWSER_SAFE = ['core/waku/**/*.ts', 'core/filter/**/*.ts', 'core/engine/**/*.ts'];
/** Rooms that Electron loads: its oldest Node here is 16.17. */
const LOADED_BY_ELECTRON = ['core/**/*.ts', 'engines/**/*.ts'];
const TESTS = ['**/*.test.ts', 'engines/conformance/**', 'e2e/**', 'bench/**', 'vitest.config.ts'];

export default defineConfig(
  { ignores: ['dist', '.cache', 'node_modules', 'test-results'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    plugins: { 'import-x': importX, n },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js'] })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      'n/no-unsupported-features/node-builtins': ['error', { version: '>=20.20.0' }],
      'n/no-unsupported-features/es-builtins': ['error', { version: '>=20.20.0' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: LOADED_BY_ELECTRON,
    ignores: TESTS,
    rules: {
      'n/no-unsupported-features/node-builtins': ['error', { version: '>=16.17.0' }],
      'n/no-unsupported-features/es-builtins': ['error', { version: '>=16.17.0' }],
    },
  },
  {
    files: BROWSER_SAFE,
    ignores: TESTS,
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*'] }],
      'no-restricted-globals': ['error', 'Buffer', 'process'],
    },
  },
  {
    files: TESTS,
    rules: {
      'n/no-unsupported-features/node-builtins': ['error', { version: '>=24.0.0' }],
      'n/no-unsupported-features/es-builtins': ['error', { version: '>=24.0.0' }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    rules: {
      // The type checker knows Node's globals, and package.json comes in as any.
      'no-undef': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
