/** `waku-desk serve`: a relay node in a process of its own, and the user interface for it in a browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Capture } from '../core/capture/capture.ts';
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { NodeConfig } from '../core/engine/config.ts';
import { checkFits } from '../core/engine/engine-capabilities.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { Harness } from '../server/harness/harness.ts';
import type { EnginePlace } from '../engines/process/create-engine.ts';
import { ProcessEngine } from '../engines/process/process-engine.ts';
import type { NodeOptions } from '../flags/node-flags.ts';
import { dataFolder } from '../native/library/data-folder.ts';
import { startWebHost } from '../server/web/web-host.ts';
import { chooseEngine, type ChosenEngine } from './engine-choice.ts';
import { aborted } from './interrupt.ts';
import { openBrowser } from './open-browser.ts';
import type { Output } from './output.ts';

export interface ServeOptions extends NodeOptions {
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
  const { kind, place } = await chooseEngine(options, output, signal, (engine) => {
    checkFits(engine, config);
  });
  if (unhonoured.length > 0)
    output.note(`warning: the ${kind} engine does not honour ${unhonoured.join(', ')}`);
  const uiFolder = builtUi();
  if (uiFolder === null) output.note('warning: the user interface is not built: run npm run bundle');
  const capture = await openCapture(options);
  try {
    const harness = await Harness.create({
      createEngine: (changed, wanted) => createChosen(wanted, changed, { kind, place }),
      engine: kind,
      library: options.library,
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
        const { version: engineVersion, ...who } = await harness.node.start();
        const { session } = harness.node;
        const pubsubTopics = session.snapshot().topics.map((topic) => topic.pubsubTopic);
        output.result(
          'ready',
          {
            url: host.url,
            engine: kind,
            engineVersion,
            ...who,
            clusterId: config.clusterId,
            pubsubTopics,
            light: config.light,
            capture: capture.dir,
            pid: process.pid,
          },
          [
            `Open ${host.url}`,
            `  node       ${who.peerId} (${kind}: ${engineVersion})`,
            ...who.listenAddresses.map((address) => `  listens on ${address}`),
            ...pubsubTopics.map((topic) => `  ${config.light ? 'filters   ' : 'relays    '} ${topic}`),
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

/** The library that the user named is that of the engine chosen at the start; another engine finds its own. */
async function createChosen(
  kind: EngineKind,
  config: NodeConfig,
  chosen: ChosenEngine,
): Promise<ProcessEngine> {
  const { nodeLog } = chosen.place;
  const others: EnginePlace = nodeLog === undefined ? {} : { nodeLog };
  const place = kind === chosen.kind ? chosen.place : others;
  return ProcessEngine.create(kind, config, place);
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
