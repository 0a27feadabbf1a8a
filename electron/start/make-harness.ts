/** The harness of the app: the node by flags, settings and build, with its key, over the open capture. */
import { app } from 'electron';
import type { Capture } from '../../core/capture/capture.ts';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { defaultEngineHost, type EngineHost } from '../../core/engine/profiles.ts';
import { Harness } from '../../server/harness/harness.ts';
import { findDump } from '../engine-host/find-dump.ts';
import { createDesktopEngine } from '../engines.ts';
import { keepNodeKey } from '../settings/node-key.ts';
import type { SettingsFile } from '../settings/settings-file.ts';
import type { DesktopStart } from './desktop.ts';
import { chooseNode } from './node-choice.ts';

export interface HarnessParts extends DesktopStart {
  capture: Capture;
  settings: SettingsFile;
  /** What the user has to know. */
  told: (problem: string) => void;
}

/** @throws WakuDeskError CONFIG_INVALID, BAD_USE, FILE_FAILED; an engine that cannot be made does not keep it from being there */
export async function makeHarness(parts: HarnessParts): Promise<Harness> {
  const { flags, build, places, capture, settings, told } = parts;
  const { engine, config, problem } = chooseNode(flags, settings.kept, build.profile);
  if (problem !== null) told(problem);
  const { library, nodeLog, engineHost } = flags.options;
  const engineHostOf = (kind: EngineKind): EngineHost =>
    engineHost ?? settings.kept.engineHost ?? defaultEngineHost(build.profile, kind);
  const harness = await Harness.create({
    createEngine: (changed, kind, where) =>
      createDesktopEngine(
        kind,
        changed,
        {
          // The file that was named is that of the engine which was chosen with it; another finds its own.
          ...(kind === engine && library !== undefined && { library }),
          ...(nodeLog !== undefined && { nodeLog }),
        },
        where ?? engineHostOf(kind),
      ),
    engineHost: engineHostOf,
    engine,
    opensWithoutEngine: true,
    library,
    config: { ...config, nodeKey: config.nodeKey ?? (await keptKey(places.nodeKey, told)) },
    capture,
    version: app.getVersion(),
    profile: build.profile,
    host: 'desktop',
    crashFolder: places.crashes,
    endWatch: { file: places.runMark, findDump: (sinceMs) => findDump(places.dumps, sinceMs) },
  });
  keepChanges(harness, settings);
  return harness;
}

async function keptKey(path: string, told: (problem: string) => void): Promise<string> {
  const { key, problem } = await keepNodeKey(path);
  if (problem !== null) told(problem);
  return key;
}

/** New settings make a new run of the harness. */
function keepChanges(harness: Harness, file: SettingsFile): void {
  let { settings } = harness;
  let { kind } = harness.node.engine.info;
  let { engineHost } = harness;
  harness.onNewRun(() => {
    const now = harness.settings;
    const nowKind = harness.node.engine.info.kind;
    file.keep(settings, now, nowKind === kind ? undefined : nowKind);
    const where = harness.engineHost;
    if (nowKind === kind && where !== null && where !== engineHost) file.change({ engineHost: where });
    engineHost = where;
    settings = now;
    kind = nowKind;
  });
}
