/**
 * `npm run bundle:mobile`: the profile `mobile` as one ECMAScript module in dist/mobile/, checked to be free of Node
 * and Electron. Prints its size.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'dist', 'mobile', 'waku-desk-mobile.js');

/** All that it may be made of. */
const ALLOWED =
  /^(core\/(mobile|engine\/[\w-]+|waku\/[\w-]+)\.ts|node_modules\/(zod|@noble\/hashes|@bufbuild\/protobuf)\/)/;

/**
 * Builds it. Returns its path and sizes.
 * @throws {Error} names what does not belong into it
 */
export async function buildMobile() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['core/mobile.ts'],
    outfile: output,
    bundle: true,
    // Node's modules do not resolve then.
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    metafile: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs);
  const foreign = [
    ...inputs.filter((path) => !ALLOWED.test(path)),
    ...Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
  ];
  if (foreign.length > 0) throw new Error(`not for mobile: ${foreign.join(', ')}`);
  const content = readFileSync(output);
  return { path: output, inputs, bytes: content.byteLength, gzipBytes: gzipSync(content).byteLength };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { path, inputs, bytes, gzipBytes } = await buildMobile();
  const kib = (/** @type {number} */ size) => `${(size / 1024).toFixed(1)} KiB`;
  process.stdout.write(`${path}: ${kib(bytes)}, ${kib(gzipBytes)} with gzip, ${inputs.length} modules\n`);
}
