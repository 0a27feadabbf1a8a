/** Which engine runs, and where: what may be wanted. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { PROFILES, type EngineHost, type ProfileName } from '../../core/engine/profiles.ts';

/** What changes with the settings; what is left out stays. */
export interface WantedEngine {
  engine?: EngineKind;
  engineHost?: EngineHost;
}

export interface EngineChoice {
  kind: EngineKind;
  /** null where nobody can choose it. */
  where: EngineHost | null;
}

/**
 * @param whereByDefault where an engine runs that nobody moved; undefined: nobody can choose that
 * @throws WakuDeskError UNSUPPORTED
 */
export function chooseEngine(
  before: EngineChoice,
  { engine: kind = before.kind, engineHost }: WantedEngine,
  profile: ProfileName,
  whereByDefault: ((kind: EngineKind) => EngineHost) | undefined,
): EngineChoice {
  const { engines } = PROFILES[profile];
  if (!engines.includes(kind))
    throw unsupported(`The build ${profile} has no engine ${kind}.`, `Choose one of ${engines.join(', ')}.`);
  if (whereByDefault !== undefined)
    return { kind, where: engineHost ?? (kind === before.kind ? before.where : whereByDefault(kind)) };
  if (engineHost === undefined) return { kind, where: null };
  throw unsupported(
    'Where the engine runs can be chosen in the desktop app only.',
    'Leave it out: here it runs in a process of its own.',
  );
}

function unsupported(message: string, hint: string): WakuDeskError {
  return new WakuDeskError('UNSUPPORTED', message, { operation: 'node.changeSettings', hint });
}
