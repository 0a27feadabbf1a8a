/** What electron-builder is told. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AfterPackContext, Configuration } from 'electron-builder';
import { ARCHIVED } from '../app-files.mjs';
import { setFuses } from './fuses.ts';
import { APPLICATION, ROOT } from './places.ts';
import type { Plan } from './plan.ts';
import { signingOf } from './signing.ts';

const ICONS = join(ROOT, 'build', 'icons');

const MAINTAINER = { name: 'Waku Desk maintainers', email: 'maintainers@waku-desk.example' };

/** What Electron loads. Ubuntu 24.04 and Debian 13 have new names for some. */
const DEBIAN_LIBRARIES = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libasound2 | libasound2t64',
  'libnss3',
  'libgbm1',
  'libxss1',
  'libxtst6',
];

export function builderConfig({ base, electron, request, resources }: Plan, output: string): Configuration {
  return {
    appId: 'org.waku.desk',
    productName: 'Waku Desk',
    artifactName: `${base}.\${ext}`,
    directories: { app: APPLICATION, output, buildResources: ICONS },
    files: fileSets(ARCHIVED),
    // Packages have a home and a maintainer, and a window is known by its desktop entry.
    extraMetadata: { homepage: 'https://waku.org', author: MAINTAINER, desktopName: 'waku-desk.desktop' },
    extraResources: [{ from: resources, to: '.' }],
    asar: true,
    // Everything is bundled: there is nothing to install or to rebuild.
    beforeBuild: () => Promise.resolve(false),
    electronVersion: electron.version,
    ...(electron.kind === 'testelectron' && { electronDist: electron.folder }),
    afterExtract: (context: AfterPackContext) =>
      // A custom Electron's own starter is left in place, and the fuses would not let it run.
      rm(join(resourcesIn(context), 'default_app.asar'), { recursive: true, force: true }),
    afterPack: (context: AfterPackContext) =>
      setFuses(applicationIn(context), {
        testHooks: request.testHooks,
        resetSignature: needsSignature(request),
      }),
    publish: null,
    linux: {
      executableName: 'waku-desk',
      icon: join(ICONS, 'linux'),
      category: 'Development;Network;',
      synopsis: 'A test harness for Waku relay nodes',
      syncDesktopName: true,
      // The program decides about its sandbox, not its desktop entry.
      executableArgs: [],
    },
    deb: {
      depends: DEBIAN_LIBRARIES,
      // For links and for the keyring.
      recommends: ['xdg-utils', 'libsecret-1-0'],
    },
    // A runtime that needs no libfuse2.
    toolsets: { appimage: '1.0.3' },
    // Every runtime of AppImages can read it.
    appImage: { compression: 'gzip' },
    mac: {
      category: 'public.app-category.developer-tools',
      icon: join(ICONS, 'icon.icns'),
      entitlements: join(ROOT, 'build', 'package', 'entitlements.mac.plist'),
      entitlementsInherit: join(ROOT, 'build', 'package', 'entitlements.mac.plist'),
      gatekeeperAssess: false,
      ...signingOf(),
    },
  };
}

/** electron-builder leaves folders called node_modules out, unless a set begins there. */
function fileSets(patterns: readonly string[]): NonNullable<Configuration['files']> {
  const MODULES = 'node_modules/';
  const modules = patterns.filter((pattern) => pattern.startsWith(MODULES));
  return [
    ...patterns.filter((pattern) => !pattern.startsWith(MODULES)),
    {
      from: 'node_modules',
      to: 'node_modules',
      filter: modules.map((pattern) => pattern.slice(MODULES.length)),
    },
  ];
}

/** The program, or the .app of macOS. */
function applicationIn({ appOutDir, packager }: AfterPackContext): string {
  const { productFilename } = packager.appInfo;
  return packager.platform.nodeName === 'darwin'
    ? join(appOutDir, `${productFilename}.app`)
    : join(appOutDir, 'waku-desk');
}

/** Of Electron, before it has our name. */
function resourcesIn({ appOutDir, packager }: AfterPackContext): string {
  return packager.platform.nodeName === 'darwin'
    ? join(appOutDir, 'Electron.app', 'Contents', 'Resources')
    : join(appOutDir, 'resources');
}

/** Electron for Apple Silicon has a signature that a changed fuse breaks. */
function needsSignature({ target }: Plan['request']): boolean {
  return target === 'darwin-arm64' && process.platform === 'darwin';
}
