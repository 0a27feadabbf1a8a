/** One examination of this machine: findings in the order in which people read them, and which engines can run. */
import { PROFILES, type ProfileName } from '../../core/engine/profiles.ts';
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { DoctorReport, EngineHealth, Finding } from '../../core/operations/doctor-values.ts';
import { kindOfName } from '../../native/library/locate.ts';
import { LIBRARY_OF } from '../../native/library/node-library.ts';
import { clockFinding } from './clock.ts';
import { dataFinding } from './disk.ts';
import { checkLibrary, type NativeKind } from './libraries.ts';
import { networkFindings } from './network.ts';
import { bridgeFinding, descriptorFinding, nodeFinding, programFinding, systemFinding } from './program.ts';

export interface DoctorOptions {
  version: string;
  /** Engines of other builds are passed over; the harness by default, which carries all. */
  profile?: ProfileName;
  /** The engine that is wanted; without one, a missing library is only a notice. */
  engine?: EngineKind | undefined;
  /** A library that the user named: of the wanted engine, or of the one that its name tells. */
  library?: string | undefined;
  /** Ports that this program itself listens on. */
  ownPorts?: readonly number[];
  signal?: AbortSignal | undefined;
}

/** Takes a second or two. @throws WakuDeskError CANCELLED */
export async function examine(options: DoctorOptions): Promise<DoctorReport> {
  const { version, profile = 'harness', engine, ownPorts = [], signal } = options;
  const carried = PROFILES[profile].engines;
  const named = (kind: NativeKind): string | undefined =>
    kind === kindOfLibrary(options) ? options.library : undefined;
  const natives = carried.filter((kind): kind is NativeKind => kind !== 'js');
  const check = (kind: NativeKind) =>
    checkLibrary(kind, { named: named(kind), isWanted: engine === kind, signal });
  const [libraries, bridge, system, descriptors, network, clock, data] = await Promise.all([
    Promise.all(natives.map(check)),
    bridgeFinding(signal),
    systemFinding(),
    descriptorFinding(),
    networkFindings(ownPorts),
    clockFinding(),
    dataFinding(),
  ]);
  const node = nodeFinding();
  const healthOf = (kind: EngineKind): EngineHealth =>
    libraries.find(({ health }) => health.kind === kind)?.health ?? jsHealth([node, ...network]);
  const engines = carried.map((kind) => withNode(healthOf(kind), node));
  const findings = [
    ...libraries.map(({ finding }) => finding),
    bridge,
    programFinding(version),
    node,
    system,
    ...network,
    clock,
    data,
    descriptors,
  ].filter((finding) => finding !== null);
  return { atMs: Date.now(), findings, engines };
}

function kindOfLibrary({ engine, library }: DoctorOptions): NativeKind | undefined {
  if (engine !== undefined && engine !== 'js') return engine;
  if (library === undefined) return undefined;
  return kindOfName(library) === LIBRARY_OF['go-waku'] ? 'go-waku' : 'nwaku';
}

/** It needs a Node and an address to listen on. */
function jsHealth(needs: readonly Finding[]): EngineHealth {
  const problem = needs.find(({ level }) => level === 'bad');
  return { kind: 'js', canRun: problem === undefined, reason: problem?.message ?? '', version: null };
}

function withNode(health: EngineHealth, node: Finding): EngineHealth {
  return node.level === 'bad' && health.canRun ? { ...health, canRun: false, reason: node.message } : health;
}
