/** Which engine a command runs, and with which library. */
import type { EngineKind } from '../core/engine/capabilities.ts';
import type { NodeConfig } from '../core/engine/config.ts';
import type { Engine } from '../core/engine/engine.ts';
import { describeCause, WakuDeskError } from '../core/engine/errors.ts';
import type { RelayLineListener } from '../core/engine/relay-line.ts';
import { PROFILES } from '../core/engine/profiles.ts';
import { createEngine, movedOutput, type EnginePlace } from '../engines/process/create-engine.ts';
import type { EngineOptions } from '../flags/engine-flags.ts';
import { kindOfName } from '../native/library/locate.ts';
import { LIBRARY_OF, locateNodeLibrary } from '../native/library/node-library.ts';
import { checkFit } from '../native/probe/fit.ts';
import { probeLibrary } from '../native/probe/probe.ts';
import type { Output } from './output.ts';

export interface ChosenEngine {
  kind: EngineKind;
  place: EnginePlace;
}

/**
 * @param fits throws for an engine that cannot do what the command is for
 * @throws WakuDeskError of `fits`; BAD_USE: a library for the engine that has none; UNSUPPORTED: auto found none
 */
export async function chooseEngine(
  options: EngineOptions,
  output: Output,
  signal: AbortSignal,
  fits: (kind: EngineKind) => void,
): Promise<ChosenEngine> {
  const { engine, library, nodeLog } = options;
  const kind = engine === 'auto' ? await firstThatRuns({ library, output, signal, fits }) : engine;
  fits(kind);
  if (kind === 'js') {
    if (library !== undefined) throw needsNoLibrary();
    return { kind, place: {} };
  }
  return {
    kind,
    place: { ...(library !== undefined && { library }), ...(nodeLog !== undefined && { nodeLog }) },
  };
}

/**
 * The engine in this process, not started; output goes on where it went when a node library takes its descriptors.
 * @throws as {@link createEngine}
 */
export async function engineHere(
  { kind, place }: ChosenEngine,
  config: NodeConfig,
  output: Output,
  onRelayLine: RelayLineListener | null = null,
): Promise<Engine> {
  try {
    return await createEngine(kind, config, place, onRelayLine);
  } finally {
    // Also where the library was refused: why has to be read.
    output.moveTo(movedOutput());
  }
}

/** Says which, and why not those before it. A library that was named counts or fails. */
async function firstThatRuns({
  library,
  output,
  signal,
  fits,
}: {
  library: string | undefined;
  output: Output;
  signal: AbortSignal;
  fits: (kind: EngineKind) => void;
}): Promise<EngineKind> {
  const named = library === undefined ? undefined : (kindOfName(library) ?? LIBRARY_OF.nwaku);
  const reasons: string[] = [];
  for (const kind of PROFILES.harness.engines) {
    if (named !== undefined && (kind === 'js' || LIBRARY_OF[kind] !== named)) continue;
    const reason = misfit(kind, fits) ?? (kind === 'js' ? null : await whyNot(kind, library, signal));
    if (reason === null || named !== undefined) {
      output.note([`engine: ${kind}`, ...reasons].join('; '));
      return kind;
    }
    reasons.push(`${kind} cannot run: ${reason}`);
  }
  throw new WakuDeskError('UNSUPPORTED', `No engine does this here: ${reasons.join('; ')}`, {
    operation: 'cli.engine',
    hint: 'Run doctor to see what is missing.',
  });
}

function misfit(kind: EngineKind, fits: (kind: EngineKind) => void): string | null {
  try {
    fits(kind);
    return null;
  } catch (error) {
    return describeCause(error);
  }
}

/** Why an engine cannot run here, or null. */
export async function whyNot(
  kind: keyof typeof LIBRARY_OF,
  library: string | undefined,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const located = await locateNodeLibrary(LIBRARY_OF[kind], library);
    if (!located.found) return `no ${LIBRARY_OF[kind]} was found`;
    await checkFit(located.path);
    const probe = await probeLibrary(located.path, { signal });
    switch (probe.outcome) {
      case 'usable':
        return null;
      case 'untried':
        return probe.error.message;
      case 'refused':
      case 'broken':
        return probe.reason;
    }
  } catch (error) {
    if (error instanceof WakuDeskError && error.code === 'CANCELLED') throw error;
    return describeCause(error);
  }
}

function needsNoLibrary(): WakuDeskError {
  return new WakuDeskError('BAD_USE', 'The engine js has no library.', {
    operation: 'cli.engine',
    hint: 'Leave --library out, or choose --engine nwaku, go-waku or auto.',
  });
}
