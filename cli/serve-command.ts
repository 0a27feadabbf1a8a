/** `waku-desk serve`: a relay node in a process of its own, and the user interface for it in a browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Capture } from '../core/capture/capture.ts';
import type { NodeConfig } from '../core/engine/config.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { Harness } from '../server/harness/harness.ts';
import { ProcessEngine } from '../engines/process/process-engine.ts';
import { dataFolder } from '../native/library/data-folder.ts';
import { startWebHost } from '../server/web/web-host.ts';
import { aborted } from './interrupt.ts';
import type { NodeOptions } from './node-command.ts';
import { openBrowser } from './open-browser.ts';
import type { Output } from './output.ts';

export interface ServeOptions extends Omit<NodeOptions, 'quiet'> {
  /** Of the user interface; 0: a free one. */
  port: number;
  open: boolean;
  demo: boolean;
}

export interface ServeHost {
  config: NodeConfig;
  /** Flags that the engine does not honour, as typed. */
  unhonoured: readonly string[];
  version: string;
  output: Output;
  signal: AbortSignal;
}

/** @throws WakuDeskError PORT_IN_USE (of the user interface or the node), of the capture, or of the node's start */
export async function runServe(
  options: ServeOptions,
  { config, unhonoured, version, output, signal }: ServeHost,
): Promise<void> {
  if (unhonoured.length > 0)
    output.note(`warning: the ${options.engine} engine does not honour ${unhonoured.join(', ')}`);
  const uiFolder = builtUi();
  if (uiFolder === null) output.note('warning: the user interface is not built: run npm run bundle');
  const capture = await openCapture(options);
  try {
    const harness = await Harness.create({
      createEngine: (changed) => ProcessEngine.create(options.engine, changed),
      config,
      capture,
      version,
      crashFolder: join(dataFolder(), 'crashes'),
      onCrash: ({ error }, file) => {
        output.note(`crash: ${error.message}${file === null ? '' : ` Report: ${file}`}`);
      },
    });
    try {
      const host = await startWebHost({ harness, uiFolder: uiFolder ?? '', port: options.port });
      try {
        const identity = await harness.node.start();
        const { session, engine } = harness.node;
        const pubsubTopics = session.snapshot().topics.map((topic) => topic.pubsubTopic);
        output.result(
          'ready',
          {
            url: host.url,
            engine: options.engine,
            engineVersion: engine.info.version,
            ...identity,
            clusterId: config.clusterId,
            pubsubTopics,
            capture: capture.dir,
            pid: process.pid,
          },
          [
            `Open ${host.url}`,
            `  node       ${identity.peerId} (${options.engine}: ${engine.info.version})`,
            ...identity.listenAddresses.map((address) => `  listens on ${address}`),
            ...pubsubTopics.map((topic) => `  relays     ${topic}`),
            `  captures   ${capture.dir}`,
            ...(options.demo ? ['  demo       Ada, Grace and Edsger join and chat'] : []),
            'Ctrl-C ends it.',
          ].join('\n'),
        );
        if (options.demo) await harness.demo.start();
        if (options.open) openBrowser(host.urlForOnce());
        await aborted(signal);
      } finally {
        // Both at once: together they have five seconds.
        await Promise.all([host.close(), harness.close()]);
      }
    } finally {
      await harness.close();
    }
    output.result('stopped', {}, 'Stopped.');
  } finally {
    await capture.close();
  }
}

/**
 * Messages of a window survive its end: without a folder named, the user has one, and another for each window that
 * runs at the same time.
 */
async function openCapture({ capture, captureMaxSize }: ServeOptions): Promise<Capture> {
  const own = join(dataFolder(), 'captures', 'default');
  const folders =
    capture === undefined ? [own, ...Array.from({ length: 8 }, (_none, i) => `${own}-${i + 2}`)] : [capture];
  let locked: unknown;
  for (const folder of folders) {
    try {
      return await Capture.open(folder, { maxBytes: captureMaxSize });
    } catch (error) {
      if (!(error instanceof WakuDeskError) || error.code !== 'CAPTURE_LOCKED') throw error;
      locked ??= new WakuDeskError(
        'CAPTURE_LOCKED',
        `The capture in ${folder} is in use: ${error.message}.`,
        {
          operation: 'cli.serve',
          hint: 'End that process, or name another folder with --capture FOLDER.',
          cause: error.cause,
        },
      );
    }
  }
  throw locked;
}

/** Beside the bundle, and for a run from source where the bundle would be; null when it is not built. */
function builtUi(): string | null {
  const isSource = import.meta.url.endsWith('.ts');
  const folder = fileURLToPath(new URL(isSource ? '../dist/ui' : './ui', import.meta.url));
  return existsSync(join(folder, 'index.html')) ? folder : null;
}
