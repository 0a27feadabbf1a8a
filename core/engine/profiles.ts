/** The builds that the contract serves: which engines each carries and where they run by default. */
import type { EngineKind } from './capabilities.ts';

export const PROFILE_NAMES = ['nwaku', 'go-waku', 'mobile', 'harness'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export type System = 'linux' | 'macos' | 'windows' | 'mobile';

export interface Profile {
  name: ProfileName;
  /** In order of preference. Only the harness falls back to the next by itself. */
  engines: readonly EngineKind[];
  fallsBack: boolean;
  systems: readonly System[];
  lightClient: boolean;
  purpose: string;
}

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  nwaku: {
    name: 'nwaku',
    engines: ['nwaku', 'js'],
    fallsBack: false,
    systems: ['linux', 'macos'],
    lightClient: false,
    purpose: 'the desktop build that proves nwaku: relay only',
  },
  'go-waku': {
    name: 'go-waku',
    engines: ['go-waku', 'js'],
    fallsBack: false,
    systems: ['linux', 'macos', 'windows'],
    lightClient: true,
    purpose: 'desktop production and Windows: relay and light client',
  },
  mobile: {
    name: 'mobile',
    engines: ['go-waku'],
    fallsBack: false,
    systems: ['mobile'],
    lightClient: true,
    purpose: 'the contract and core/waku alone, without Node and Electron',
  },
  harness: {
    name: 'harness',
    engines: ['nwaku', 'js', 'go-waku'],
    fallsBack: true,
    systems: ['linux', 'macos', 'windows'],
    lightClient: true,
    purpose: 'the command line and npm start: every engine that the build carries',
  },
};
