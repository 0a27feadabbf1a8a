/** Lint: strict types, the rooms' import rules of ARCHITECTURE.md, and what each room's runtime has. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import n from 'eslint-plugin-n';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = dirname(fileURLToPath(import.meta.url));

/** Which rooms each room may import, beside itself. Tests are free. */
const MAY_IMPORT = {
  'core/waku': [],
  'core/engine': ['core/waku'],
  'core/filter': ['core/waku', 'core/engine'],
  'core/capture': ['core/waku', 'core/engine', 'core/filter'],
  'core/session': ['core/waku', 'core/engine', 'core/capture'],
  'core/operations': ['core/waku', 'core/engine', 'core/capture', 'core/session'],
  'engines/js': ['core/waku', 'core/engine'],
  'engines/host': ['core/waku', 'core/engine'],
  'engines/conformance': ['core/waku', 'core/engine', 'engines/host'],
  'engines/native': ['core/waku', 'core/engine', 'native/ffi', 'native/library'],
  'engines/process': [
    'core/waku',
    'core/engine',
    'engines/host',
    'engines/js',
    'engines/native',
    'native/ffi',
    'native/library',
  ],
  'native/ffi': ['core/engine'],
  'native/library': ['core/engine'],
  'native/probe': ['core/engine', 'native/ffi', 'native/library'],
  'native/staging': ['core/engine', 'native/library', 'native/probe'],
  server: ['core/*', 'engines/process', 'native/library', 'native/probe'],
  sim: ['core/*', 'engines/host', 'engines/process', 'server', 'native/library', 'native/probe'],
  flags: ['core/engine', 'core/filter'],
  checks: ['core/waku', 'core/engine', 'core/session', 'server'],
  cli: [
    'core/*',
    'engines/process',
    'flags',
    'server',
    'sim',
    'checks',
    'native/library',
    'native/probe',
    'native/staging',
  ],
  electron: [
    'core/*',
    'engines/host',
    'engines/process',
    'flags',
    'server',
    'native/library',
    'native/probe',
    'native/staging',
  ],
  renderer: ['core/waku', 'core/engine', 'core/filter', 'core/operations', 'core/capture'],
};
/** @param {string} from @param {string[]} to */
const allow = (from, to) => ({
  from: { element: { type: from } },
  allow: { to: { element: { types: { anyOf: [from, ...to] } } } },
});

/** Rooms whose code a browser runs as well. */
const BROWSER_SAFE = [
  'core/waku/**/*.ts',
  'core/filter/**/*.ts',
  'core/engine/**/*.ts',
  'core/operations/**/*.ts',
  'core/mobile.ts',
  'renderer/**/*.{ts,tsx}',
];
/** Rooms that Electron loads: its oldest Node here is 16.17. */
const LOADED_BY_ELECTRON = [
  'core/**/*.ts',
  'engines/**/*.ts',
  'native/**/*.ts',
  'server/{harness,handlers,doctor}/**/*.ts',
  'server/web/{page-headers,ui-files}.ts',
  'flags/**/*.ts',
  'electron/**/*.ts',
];
const TESTS = [
  '**/*.test.ts',
  '**/fixture*.ts',
  'renderer/vite.config.ts',
  'engines/conformance/**',
  'e2e/**',
  'bench/**',
  'native/go-waku/tests/**',
  'build/{icons,package,package-check}/**',
  'build/development.ts',
  'vitest.config.ts',
];

export default defineConfig(
  // The starter is CommonJS on functions of Electron that have no types.
  { ignores: ['dist', '.cache', 'packages', 'node_modules', 'test-results', 'build/electron/starter'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    // Its types describe the module, not the plugin in it.
    plugins: {
      boundaries: /** @type {import('eslint').ESLint.Plugin} */ (/** @type {unknown} */ (boundaries)),
      n,
    },
    settings: {
      'boundaries/elements': Object.keys(MAY_IMPORT).map((room) => ({ type: room, pattern: room })),
      'import/resolver': { node: { extensions: ['.ts', '.mjs', '.js'] } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        { default: 'disallow', policies: Object.entries(MAY_IMPORT).map(([from, to]) => allow(from, to)) },
      ],
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
      'no-restricted-imports': ['error', { paths: ['electron'] }],
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
    files: ['electron/**', 'e2e/desktop/**', 'build/electron/**'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: BROWSER_SAFE,
    ignores: TESTS,
    rules: {
      'no-restricted-imports': ['error', { paths: ['electron'], patterns: ['node:*'] }],
      'no-restricted-globals': ['error', 'Buffer', 'process'],
    },
  },
  {
    files: TESTS,
    rules: {
      'boundaries/dependencies': 'off',
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
