/** What can be checked of the container file without building it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../e2e/nodes.ts';
import { startCli } from '../../e2e/cli-process.ts';
import manifest from '../../package.json' with { type: 'json' };

const text = readFileSync(join(import.meta.dirname, 'Containerfile'), 'utf8');
const entry = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1] ?? '[]') as string[];

describe('the container file', () => {
  it('runs a program of the package', () => {
    expect(Object.keys(manifest.bin)).toContain(entry[0]);
    expect(text).toContain(`/packed/${manifest.name}-*.tgz`);
  });

  it('exposes the ports that its entry point names', () => {
    const ports = entry.flatMap((flag) => /port=(\d+)$/.exec(flag)?.[1] ?? []);
    expect(/^EXPOSE (.*)$/m.exec(text)?.[1]?.split(' ').sort()).toEqual(ports.sort());
  });

  it('does not run as root, and ends on SIGTERM', () => {
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^STOPSIGNAL SIGTERM$/m);
  });

  it("takes wakunode2's flags behind those of its entry point, which they override", async () => {
    const port = await freePort();
    const cli = startCli([
      ...entry.slice(1),
      '--json',
      '--listen-address=127.0.0.1',
      '--tcp-port=0',
      `--rest-port=${port}`,
      '--rest-address=127.0.0.1',
      '--cluster-id=3',
      '--shard=0',
      '--max-connections=50',
      '--log-level=DEBUG',
    ]);
    const ready = await cli.waitFor('ready');
    expect(ready).toMatchObject({ restPort: port, clusterId: 3, pubsubTopics: ['/waku/2/rs/3/0'] });
    expect(await cli.terminate()).toMatchObject({ code: 0 });
  });
});
