/** The security list of SECURITY.md on a real Electron: each test fails when its point is given up. */
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BRIDGE_CHANNEL } from '../../core/operations/window-bridge.ts';
import manifest from '../../package.json' with { type: 'json' };
import { PATIENCE } from '../window/desk-window.ts';
import { tryInPage } from './intruder.ts';
import { useDesktop } from './launch-desk.ts';

const desktop = useDesktop({ shared: true });
const page = () => desktop.shared().window.page;
const attempt = (...args: [Parameters<typeof tryInPage>[1], unknown?]): Promise<unknown> =>
  tryInPage(page(), ...args);

/** Waits until the app has noted that it refused something. */
async function noted(text: string | RegExp): Promise<void> {
  await expect.poll(() => desktop.shared().stderr(), PATIENCE).toMatch(text);
}

/**
 * In a window that the main process makes, beside the app's own.
 * @param partition of a session without our rules; the app's own by default
 * @returns the text of the page, or the error
 */
function loadElsewhere(address: string, partition = ''): Promise<string> {
  return desktop.shared().app.evaluate(
    async ({ BrowserWindow }, { url, partition }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { partition } });
      try {
        await window.loadURL(url);
        return ((await window.webContents.executeJavaScript('document.body.innerText')) as string).trim();
      } catch (error) {
        return String(error);
      } finally {
        window.destroy();
      }
    },
    { url: address, partition },
  );
}

/** A server that nobody should find. */
async function listen(): Promise<{ host: string; connections: () => number }> {
  let count = 0;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => count++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`, connections: () => count };
}

describe('the page', () => {
  it('comes from the app itself, in its own scheme', () => {
    expect(page().url()).toBe('waku-desk://app/');
  });

  it('has nothing of Node and Electron but the bridge with its two functions', async () => {
    expect(await attempt('globals')).toEqual([]);
    expect(await attempt('bridge')).toEqual(['send: function', 'onMessage: function']);
  });

  it('cannot change what the preload script does', async () => {
    expect(await attempt('replaceBridge')).toEqual([true, false]);
  });

  it('runs with the settings that SECURITY.md names', async () => {
    const { preferences, pid } = await desktop.shared().app.evaluate(({ BrowserWindow }) => {
      // Not all in the types, and in every Electron.
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
        getOSProcessId(): number;
      };
      return { preferences: contents.getLastWebPreferences(), pid: contents.getOSProcessId() };
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    // Of workers only the process of the page is told.
    const commandLine = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8');
    expect(commandLine).toContain('--type=renderer');
    expect(commandLine).not.toContain('node-integration-in-worker');
    // Left out where there are none.
    expect(preferences.enableBlinkFeatures ?? '').toBe('');
  });

  it('has a policy in its header, and is held to it', async () => {
    const response = await page().reload();
    const policy = (await response?.allHeaders())?.['content-security-policy'] ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'none'"])
      expect(policy).toContain(rule);
    expect(policy).not.toContain('unsafe');
    await desktop.shared().window.chip.waitFor(PATIENCE);
    expect(await attempt('runOwnCode')).toEqual([false, false]);
  });
});

describe('outside of the app', () => {
  it('nothing is asked for over the network, whatever is tried', async () => {
    const { host, connections } = await listen();
    expect(await attempt('request', host)).toEqual(Array.from({ length: 5 }, () => 'refused'));
    // Where the page's own policy had a hole, the session refuses as well.
    expect(await loadElsewhere(`http://${host}/window`)).toContain('ERR_BLOCKED_BY_CLIENT');
    await noted(`refused: request to http://${host}/window`);
    expect(connections()).toBe(0);
  });

  it('Chromium finds no host, also where no rule of ours is asked', async () => {
    const { host, connections } = await listen();
    expect(await loadElsewhere(`http://${host}/`, 'without-rules')).toContain('ERR_NAME_NOT_RESOLVED');
    expect(connections()).toBe(0);
  });

  it('WebRTC has no address of this machine to offer', async () => {
    expect(await attempt('candidates')).toEqual([]);
  });

  it('a page that is led elsewhere on its way does not follow', async () => {
    await desktop.shared().app.evaluate(({ session }) => {
      const { protocol } = session.fromPartition('redirecting');
      const headers = { Location: 'https://example.com/' };
      if ('handle' in protocol) protocol.handle('https', () => new Response(null, { status: 302, headers }));
      // What TypeScript takes for impossible is the case in Electron 22.
      else
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other in Electron 22
        (protocol as Electron.Protocol).interceptStringProtocol('https', (_request, answer) => {
          answer({ statusCode: 302, headers, data: '' });
        });
    });
    expect(await loadElsewhere('https://here.example/', 'redirecting')).toContain('ERR_');
    await noted('refused: redirect to https://example.com/');
  });

  it.each(['https://example.com/', 'waku-desk://app/other'])('the page goes nowhere: %s', async (href) => {
    await attempt('clickLink', { href });
    await noted(`refused: navigation to ${href}`);
    expect(page().url()).toBe('waku-desk://app/');
  });

  it.each(['https://example.com/', 'http://github.com/', 'file:///etc/passwd', 'waku-desk://app/'])(
    'no window is opened, and no browser: %s',
    async (address) => {
      expect(await attempt('openWindow', address)).toBe(false);
      // Chromium itself refuses files to a page.
      if (!address.startsWith('file:')) await noted(`refused: new window to ${address}`);
      const windows = desktop
        .shared()
        .app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
      expect(await windows).toBe(1);
    },
  );

  it('a link to a host of the list is for the system browser', async () => {
    const { app } = desktop.shared();
    await app.evaluate(({ shell }) => {
      shell.openExternal = (address) => {
        Reflect.set(globalThis, 'openedAddress', address);
        return Promise.resolve();
      };
    });
    const address = 'https://github.com/waku-org/nwaku/releases';
    await attempt('openWindow', address);
    const opened = (): Promise<unknown> =>
      app.evaluate(() => Reflect.get(globalThis, 'openedAddress') as unknown);
    await expect.poll(opened, PATIENCE).toBe(address);
  });

  it('no frame and no webview is shown in the page', async () => {
    expect(await attempt('frame')).toBe('frame-src');
    expect(await attempt('webview')).toBe(false);
    // Also not in a window that has the tag.
    await desktop.shared().app.evaluate(async ({ BrowserWindow }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { webviewTag: true } });
      await window.loadURL('data:text/html,<webview src="data:text/html,x"></webview>');
      window.destroy();
    });
    await noted('refused: attaching to a webview');
  });
});

describe('the machine', () => {
  it('is asked for nothing but to write to the clipboard', async () => {
    expect(await attempt('permissions')).toEqual({
      geolocation: 'denied',
      midi: 'denied',
      notifications: 'denied',
      camera: 'denied',
      read: 'denied',
      write: 'granted',
    });
  });

  it('gets no downloads from the page', async () => {
    // Behind the app's own listener.
    const wasRefused = desktop.shared().app.evaluate(
      ({ session }) =>
        new Promise<boolean>((resolve) => {
          session.defaultSession.once('will-download', (event) => {
            resolve(event.defaultPrevented);
          });
        }),
    );
    await attempt('clickLink', { href: 'waku-desk://app/index.html', download: 'page.html' });
    await noted('refused: download of waku-desk://app/index.html');
    expect(await wasRefused).toBe(true);
  });
});

describe('the scheme', () => {
  it.each(['..%2f..%2fpackage.json', '%2e%2e/package.json', '..%5cpackage.json', 'assets/..%2f..%2fmain.js'])(
    'leads to nothing outside of the page: %s',
    async (path) => {
      expect(await loadElsewhere(`waku-desk://app/${path}`)).toBe('There is no such file.');
    },
  );
});

describe('a message to the main process', () => {
  it('of another window is refused', async () => {
    await desktop.shared().app.evaluate(async ({ BrowserWindow, app }) => {
      const preload = `${app.getAppPath()}/preload.js`;
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await window.loadURL('waku-desk://app/');
      window.destroy();
    });
    await noted('refused: message of another window');
  });

  it('of another page in the window is refused', async () => {
    const { app, window } = desktop.shared();
    const show = (address: string): Promise<void> =>
      app.evaluate(async ({ BrowserWindow }, url) => {
        await BrowserWindow.getAllWindows()[0]?.loadURL(url);
      }, address);
    await show('data:text/html,<title>stranger</title>');
    await window.page.waitForURL(/^data:/, PATIENCE);
    await attempt('send', [{ kind: 'open', connection: 1 }]);
    await noted('refused: message of a page of data:text/html');
    await show('waku-desk://app/');
    await window.chip.waitFor(PATIENCE);
  });

  it('of a frame within the page, or of one that is gone, is refused', async () => {
    // No frame of ours has a bridge: the events are fixtures.
    await desktop.shared().app.evaluate(({ BrowserWindow, ipcMain }, channel) => {
      const sender = BrowserWindow.getAllWindows()[0]?.webContents;
      for (const senderFrame of [{ url: 'waku-desk://app/' }, null])
        ipcMain.emit(channel, { sender, senderFrame }, { kind: 'open', connection: 1 });
    }, BRIDGE_CHANNEL);
    await noted('refused: message of a frame within the page');
    await noted('refused: message of a frame that is gone');
  });

  it('that is none of ours is refused, and the next one is answered', async () => {
    const strange = [null, 'open', 1, {}, { kind: 'shell', command: 'ls' }, { kind: 'open', connection: -1 }];
    await attempt('send', strange);
    await noted(/(refused: message that is none of ours[^]*){6}/);
    await desktop.shared().window.expectChip('no peers');
  });

  it('that is too large, too deep or cut off ends its connection', async () => {
    const mebibyte = 1024 * 1024;
    expect(await attempt('sendFrame', { pattern: [0x91], count: 100 })).toContain('nests deeper');
    expect(await attempt('sendFrame', { pattern: [0], count: 17 * mebibyte })).toContain('larger than');
    expect(await attempt('sendFrame', { pattern: [0xdd, 0xff, 0xff], count: 1 })).toContain('ends too early');
    await page().reload();
    await desktop.shared().window.expectChip('no peers');
  });
});

describe('what is secret', () => {
  it('is for the owner alone, and in no log', async () => {
    const desk = desktop.shared();
    const file = join(desk.folder, 'node.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const key = (await readFile(file, 'utf8')).trim();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const log = await readFile(join(desk.folder, 'logs', 'desktop.log'), 'utf8');
    expect(log).toContain('node: done');
    for (const text of [desk.stderr(), log]) expect(text).not.toContain(key);
  });
});

describe('the Electron that is shipped', () => {
  it('is the one that package.json pins', async (context) => {
    if (desktop.executable.includes('testelectron'))
      context.skip('only an Electron 22 for tests runs here, which is never shipped');
    const version = await desktop.shared().app.evaluate(() => process.versions.electron);
    expect(version).toBe(manifest.devDependencies.electron);
  });
});
