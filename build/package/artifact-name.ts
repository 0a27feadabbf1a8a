/** Names of artifacts: version, profile, system and processor, and whatever keeps it from being a release. */
import type { PackagedProfile, PackagedSystem } from './request.ts';

/** What an artifact's name warns of. */
export type Label = 'testelectron' | 'unsigned' | 'any-glibc' | 'without-library' | 'test-hooks';

export interface Build {
  version: string;
  profile: PackagedProfile;
  system: PackagedSystem;
  arch: string;
  labels: readonly Label[];
}

/** Without what an artifact's kind ends with. */
export function artifactBase({ version, profile, system, arch, labels }: Build): string {
  return ['waku-desk', version, profile, system, arch, ...labels].join('-');
}
