/** The builds that the contract serves: which engines each carries and where they run by default. */
import type { EngineKind } from './capabilities.ts';

export const PROFILE_NAMES = ['nwaku', 'go-waku', 'mobile', 'harness'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export type System = 'linux' | 'macos' | 'windows' | 'mobile';

/** Where an engine of the desktop app runs: in the app's main process, or in a utility process of its own. */
export const ENGINE_HOSTS = ['main', 'utility'] as const;
export type EngineHost = (typeof ENGINE_HOSTS)[number];

export interface Profile {
  name: ProfileName;
  /** In order of preference. Only the harness falls back to the next by itself. */
  engines: readonly EngineKind[];
  fallsBack: boolean;
  /** Engines that the desktop app runs in its main process, where nobody chose: others are isolated. */
  inMain: readonly EngineKind[];
  systems: readonly System[];
  lightClient: boolean;
  purpose: string;
}

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  nwaku: {
    name: 'nwaku',
    engines: ['nwaku', 'js'],
    fallsBack: false,
    inMain: ['nwaku'],
    systems: ['linux', 'macos'],
    lightClient: false,
    purpose: 'the desktop build that proves nwaku: relay only',
  },
  'go-waku': {
    name: 'go-waku',
    engines: ['go-waku', 'js'],
    fallsBack: false,
    inMain: [],
    systems: ['linux', 'macos', 'windows'],
    lightClient: true,
    purpose: 'desktop production and Windows: relay and light client',
  },
  mobile: {
    name: 'mobile',
    engines: ['go-waku'],
    fallsBack: false,
    inMain: [],
    systems: ['mobile'],
    lightClient: true,
    purpose: 'the contract and core/waku alone, without Node and Electron',
  },
  harness: {
    name: 'harness',
    engines: ['nwaku', 'js', 'go-waku'],
    fallsBack: true,
    inMain: ['nwaku'],
    systems: ['linux', 'macos', 'windows'],
    lightClient: true,
    purpose: 'the command line and npm start: every engine that the build carries',
  },
};

/** Where the desktop app runs an engine unless somebody chose. */
export function defaultEngineHost(profile: ProfileName, engine: EngineKind): EngineHost {
  return PROFILES[profile].inMain.includes(engine) ? 'main' : 'utility';
}
