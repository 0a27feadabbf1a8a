/** Simulations as their users run them: what is in the folder of results, and how a run ends that goes wrong. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Capture } from '../core/capture/capture.ts';
import { summarySchema, type Summary } from '../sim/results/summary.ts';
import { runCli, startCli } from './cli-process.ts';
import { needsLibgowaku } from './libgowaku.ts';
import { HOLDS, linesOf, run, RUN_MS, scenario, summaryOf, TWO } from './sim-runs.ts';
import { temporaryFolder } from './nodes.ts';
import { smallDisk } from './small-disk.ts';

describe('sim run', () => {
  it('keeps everything that it measured in one folder, and passes', async () => {
    const folders = await scenario(TWO + HOLDS);
    const cli = await run(folders);
    expect(cli.stderr).toContain('results in');
    expect(cli.exit.code).toBe(0);
    expect(JSON.parse(cli.stdout)).toMatchObject({ event: 'summary', outcome: 'passed', out: folders.out });

    const { out } = folders;
    const summary = await summaryOf(out);
    expect(summary.delivery).toMatchObject({ expected: 20, arrived: 20, ratio: 1, unexpected: 0 });
    expect(summary.traffic).toMatchObject({ planned: 20, sent: 20, accepted: 20, failed: {} });
    expect(summary.warmUp.meshMs).toBeGreaterThan(0);
    expect(summary.bandwidth?.inMean).toBeGreaterThan(1_024);
    expect(summary.problems).toEqual([]);
    expect(await linesOf(out, 'deliveries.ndjson')).toHaveLength(20);
    expect(await linesOf(out, 'deliveries.csv')).toHaveLength(21);
    expect((await linesOf(out, 'samples.ndjson')).length).toBeGreaterThanOrEqual(4);

    for (const name of ['n1', 'n2']) {
      const capture = await Capture.open(join(out, 'nodes', name, 'capture'), { readOnly: true });
      const messages = await capture.page(1, 100);
      expect(messages).toHaveLength(20);
      expect(messages.filter(({ dir }) => dir === 'in')).toHaveLength(10);
      // What one node has sent stands in the log of the other as received.
      const log = await linesOf(join(out, 'nodes', name), 'node.log');
      for (const words of ['sent', 'received'])
        expect(log.filter((line) => line.includes(` ${words} relay message `))).toHaveLength(10);
      await capture.close();
    }

    const report = await readFile(join(out, 'report.html'), 'utf8');
    expect(report).toContain('✓ passed');
    expect(report.match(/<svg viewBox/g)).toHaveLength(6);
    expect(report).not.toMatch(/NaN|undefined|Infinity|<script|\b(src|href)=|https?:|url\(/);
  });

  it('runs again from its own scenario.yaml, with the same peer ids', async () => {
    const folders = await scenario(TWO + HOLDS);
    expect((await run(folders)).exit.code).toBe(0);
    const again = { file: join(folders.out, 'scenario.yaml'), out: `${folders.out}-again` };
    expect((await run(again)).exit.code).toBe(0);
    const peerIds = (summary: Summary) => summary.nodes.map(({ peerId }) => peerId);
    const summary = await summaryOf(again.out);
    expect(peerIds(summary)).toEqual(peerIds(await summaryOf(folders.out)));

    // And two runs are compared: here the second has lost half.
    const halved = { ...summary, delivery: { ...summary.delivery, ratio: 0.5 } };
    await writeFile(join(again.out, 'summary.json'), JSON.stringify(halved));
    const compared = await runCli(['sim', 'compare', folders.out, again.out, '--json']);
    expect(compared.exit.code).toBe(1);
    expect(compared.error()).toMatchObject({ code: 'CHECK_FAILED' });
    expect(JSON.parse(compared.stdoutLines[0] ?? '')).toMatchObject({
      name: 'delivered',
      ratio: 0.5,
      verdict: 'worse',
    });
  });

  it('on a disk that fills up ends, and says what is missing', async (context) => {
    const folders = {
      ...(await scenario(TWO.replace('rate: 20/s', 'rate: 20/s, size: 100kb') + HOLDS)),
      out: join(smallDisk(context), 'out'),
    };
    const cli = await run(folders);
    expect(cli.exit.code).toBe(1);
    const { event, out, ...told } = JSON.parse(cli.stdout) as { event: string; out: string };
    const summary = summarySchema.parse(told);
    expect([event, out]).toEqual(['summary', folders.out]);
    expect(summary.outcome).toBe('failed');
    // The captures are full, the network is not.
    expect(summary.delivery.ratio).toBe(1);
    expect(summary.problems.map(({ error }) => error.code)).toContain('CAPTURE_WRITE_FAILED');
    expect(summary.nodes.map(({ notCaptured }) => notCaptured > 0)).toEqual([true, true]);
  });

  it('ends with code 1 when a criterion does not hold, and says which', async () => {
    const folders = await scenario(`${TWO}pass: [{ measure: latency, percentile: max, atMost: 0.001ms }]\n`);
    const cli = await run(folders);
    expect(cli.exit.code).toBe(1);
    expect(cli.error()).toMatchObject({ code: 'CHECK_FAILED', message: '1 of 1 pass criteria do not hold.' });
    const { outcome, criteria } = await summaryOf(folders.out);
    expect(outcome).toBe('failed');
    expect(criteria).toMatchObject([{ passed: false, limit: 0.001 }]);
  });

  it('refuses a scenario with a typing error, and names the line and the key that was meant', async () => {
    const folders = await scenario(`${TWO}fualts: []\n${HOLDS}`);
    const cli = await run(folders);
    expect(cli.exit.code).toBe(2);
    expect(cli.error()).toMatchObject({ code: 'SCENARIO_INVALID' });
    expect(cli.error().message).toContain(
      `${folders.file}:5:1: fualts: unknown key "fualts"; did you mean "faults"?`,
    );
  });

  it('writes over nothing', async () => {
    const folders = await scenario(TWO + HOLDS);
    await mkdir(folders.out);
    await writeFile(join(folders.out, 'precious'), '');
    const cli = await run(folders);
    expect(cli.exit.code).toBe(2);
    expect(await readdir(folders.out)).toEqual(['precious']);
  });

  it('tells of a node that does not come up, here because its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const folders = await scenario(`${TWO}firstPort: ${port - 1}\n${HOLDS}`);
    const cli = await run(folders);
    expect(cli.exit.code).toBe(6);
    expect(cli.error()).toMatchObject({ code: 'PORT_IN_USE' });
    const summary = await summaryOf(folders.out);
    expect(summary).toMatchObject({
      outcome: 'broken',
      problems: [{ node: 'n2', error: { code: 'PORT_IN_USE' } }],
    });
    expect(summary.criteria.map(({ passed }) => passed)).toEqual([false, true]);
  });

  it('keeps its results when it is interrupted', async () => {
    const folders = await scenario(`${TWO.replace('messages: 10', 'messages: 10000')}${HOLDS}`);
    const cli = startCli(['sim', 'run', folders.file, `--out=${folders.out}`, '--json']);
    await cli.until('deliveries', () => /: [1-9]\d* of \d+ deliveries/.exec(cli.stderr) ?? undefined, RUN_MS);
    const exit = await cli.terminate('SIGINT', RUN_MS);
    expect(exit.code).toBe(1);
    expect(cli.error()).toMatchObject({ code: 'CHECK_FAILED' });
    const { outcome, delivery, problems } = await summaryOf(folders.out);
    expect({ outcome, problems }).toEqual({ outcome: 'interrupted', problems: [] });
    expect(delivery.arrived).toBeGreaterThan(0);
    expect((await linesOf(folders.out, 'deliveries.ndjson')).length).toBeGreaterThanOrEqual(delivery.arrived);
  });

  it('goes on when a node breaks, and fails with what is known of it', async () => {
    const folders = await scenario(
      `${TWO.replace('messages: 10, rate: 20/s', 'messages: 100, rate: 20/s')}phases: { coolDown: 1s }\n${HOLDS}`,
    );
    const cli = startCli(['sim', 'run', folders.file, `--out=${folders.out}`, '--json']);
    await cli.until('traffic', () => (cli.stderr.includes('traffic: ') ? true : undefined), RUN_MS);
    const up = (await linesOf(folders.out, 'events.ndjson'))
      .map((line) => JSON.parse(line) as { event: string; node?: string; state?: string; pid?: number })
      .find(({ event, node, state }) => event === 'nodeState' && node === 'n2' && state === 'up');
    process.kill(up?.pid ?? -1, 'SIGKILL');
    expect((await cli.waitForExit(RUN_MS)).code).toBe(1);
    const { outcome, problems, nodes, traffic, delivery } = await summaryOf(folders.out);
    expect(outcome).toBe('failed');
    expect(problems[0]).toMatchObject({ node: 'n2', error: { code: 'ENGINE_FAILED' } });
    expect(nodes.map(({ failures }) => failures)).toEqual([0, 1]);
    // Nobody meant it to go: what it should have got is missing.
    expect(delivery.arrived).toBeLessThan(delivery.expected);
    expect(traffic.failed).toHaveProperty('NOT_RUNNING');
  });
});

describe('compare', () => {
  it('runs a scenario on each engine in turn, and names the engine that cannot run here', async (context) => {
    await needsLibgowaku(context);
    const folders = await scenario(TWO + HOLDS);
    const cli = await runCli(
      [
        'compare',
        '--engines=nwaku,js,go-waku',
        `--scenario=${folders.file}`,
        '--repetitions=1',
        `--out=${folders.out}`,
        '--json',
      ],
      // Where no libwaku is, whatever this user has.
      { timeoutMs: RUN_MS, dataHome: await temporaryFolder() },
    );
    expect(cli.exit.code, cli.stderr).toBe(0);
    const lines = cli.stdoutLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ event: 'cannotRun', engine: 'nwaku' });
    const delivered = { first: 'js', second: 'go-waku', name: 'delivered', ratio: 1, verdict: 'same' };
    expect(lines[1]).toMatchObject({ event: 'compared', ...delivered });
    expect((await readdir(folders.out)).sort()).toEqual(['1-go-waku', '1-js', 'comparison.json']);
    expect(cli.stderr).toContain('1 repetitions prove little');
    const { nodes } = await summaryOf(join(folders.out, '1-go-waku'));
    expect(nodes.map(({ engine }) => engine)).toEqual(['go-waku', 'go-waku']);
    const log = await readFile(join(folders.out, '1-go-waku', 'nodes', 'n1', 'node.log'), 'utf8');
    expect(log).toMatch(/received relay message.*my_peer_id=.*msg_hash=0x.*from_peer_id=/);
  });

  it('needs two engines that can run', async () => {
    const cli = await runCli(['compare', '--engines=js', '--json']);
    expect(cli.exit.code).toBe(2);
    expect(cli.error()).toMatchObject({ code: 'UNSUPPORTED' });
    expect((await runCli(['compare', '--engines=js,rust'])).exit.code).toBe(2);
    expect((await runCli(['compare', '--engines=js,js'])).stderr).toContain('It names an engine twice.');
  });
});

describe('scenarios that come with the program', () => {
  it('are listed, and can be checked', async () => {
    const cli = await runCli(['sim', 'list', '--json']);
    const names = cli.stdoutLines.map((line) => (JSON.parse(line) as { name: string }).name);
    expect(names).toEqual([
      'chain-of-ten',
      'churn',
      'compare',
      'flood',
      'large-messages',
      'mesh-50',
      'mixed-engines',
      'partition',
      'soak',
      'two-nodes',
    ]);
    const checked = await runCli(['sim', 'check', 'partition', '--json']);
    expect(JSON.parse(checked.stdout)).toMatchObject({ nodes: 10, needsToxiproxy: true });
    const unknown = await runCli(['sim', 'check', 'partitoin', '--json']);
    expect(unknown.error()).toMatchObject({ code: 'BAD_USE' });
    expect(unknown.error().message).toContain('did you mean "partition"?');
  });
});
