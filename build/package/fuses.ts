/** Electron's fuses: what a packaged program's binary can do at all. */
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/** What each of them is in a package. Those that an older Electron has not are left out there. */
const FUSES = {
  /** ELECTRON_RUN_AS_NODE would make any script the application. */
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
} as const satisfies Partial<Record<keyof typeof FuseV1Options, boolean>>;

/** What tests that drive the application through its debugger need. */
const FUSES_WITH_HOOKS: Record<FuseName, boolean> = { ...FUSES, EnableNodeCliInspectArguments: true };

export function wantedFuses(testHooks: boolean): Record<FuseName, boolean> {
  return testHooks ? FUSES_WITH_HOOKS : FUSES;
}

export type FuseName = keyof typeof FUSES;
export const FUSE_NAMES = Object.keys(FUSES) as FuseName[];
/** absent: also where an Electron has given a fuse up. */
export type FuseState = 'on' | 'off' | 'absent';

/** As the wire has them, one character each. */
const STATES: Record<string, FuseState> = { '0': 'off', '1': 'on' };

/**
 * Sets them in an application.
 * @param application the program, or the .app of macOS
 */
export async function setFuses(
  application: string,
  { testHooks, resetSignature }: { testHooks: boolean; resetSignature: boolean },
): Promise<void> {
  const states = await readFuses(application);
  const wanted = wantedFuses(testHooks);
  const present = FUSE_NAMES.filter((name) => states[name] !== 'absent');
  await flipFuses(application, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: resetSignature,
    ...Object.fromEntries(present.map((name) => [FuseV1Options[name], wanted[name]])),
  });
}

/** What they are in an application's binary. */
export async function readFuses(application: string): Promise<Record<FuseName, FuseState>> {
  const wire: Partial<Record<FuseV1Options, number>> = await getCurrentFuseWire(application);
  return Object.fromEntries(
    FUSE_NAMES.map((name) => {
      const state = wire[FuseV1Options[name]];
      return [name, state === undefined ? 'absent' : (STATES[String.fromCharCode(state)] ?? 'absent')];
    }),
  ) as Record<FuseName, FuseState>;
}
