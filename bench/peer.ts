/** Who stands beside our figures: go-waku's own node, built as for the end-to-end tests. */
import { readFileSync } from 'node:fs';
import { buildCmdWaku } from '../e2e/cmd-waku/build.mjs';
import type { Context } from './figure.ts';

/** Builds it on first use, which takes minutes. */
export async function findPeer(): Promise<Context['peer']> {
  const build = await buildCmdWaku();
  if ('skipped' in build) return { missing: build.skipped };
  const goMod = readFileSync(new URL('../e2e/cmd-waku/go.mod', import.meta.url), 'utf8');
  const version = /waku-org\/go-waku (v\S+)/.exec(goMod)?.[1] ?? 'of unknown version';
  return { path: build.path, name: `cmd/waku ${version}` };
}
