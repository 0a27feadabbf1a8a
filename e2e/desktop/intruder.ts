/** What code that got into the page would try, as scripts for the page: it has a DOM, which these tests have not. */
import type { Page } from 'playwright';

const SCRIPTS = {
  globals: `() => ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname']
    .filter((name) => name in globalThis)`,

  bridge: `() => Object.entries(window.wakuDesk).map(([name, value]) => name + ': ' + typeof value)`,

  replaceBridge: `() => {
    const before = window.wakuDesk;
    window.wakuDesk = null;
    return [window.wakuDesk === before, Reflect.set(before, 'send', null)];
  }`,

  runOwnCode: `async () => {
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.body.append(script);
    // In a turn of its own: what the test runs here itself may do more.
    const evaluated = await new Promise((resolve) => setTimeout(() => {
      try { resolve(new Function('return true')()); } catch { resolve(false); }
    }));
    return [window.ranInline === true, evaluated];
  }`,

  request: `async (host) => {
    const outcome = (element) => new Promise((resolve) => {
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('refused');
      document.body.append(element);
    });
    const made = (name, properties) => Object.assign(document.createElement(name), properties);
    const socket = () => new Promise((resolve) => {
      try {
        const opened = new WebSocket('ws://' + host + '/socket');
        opened.onopen = () => resolve('loaded');
        opened.onerror = () => resolve('refused');
      } catch { resolve('refused'); }
    });
    navigator.sendBeacon('http://' + host + '/beacon', 'x');
    return Promise.all([
      outcome(made('img', { src: 'http://' + host + '/image' })),
      outcome(made('link', { rel: 'stylesheet', href: 'http://' + host + '/style' })),
      outcome(made('script', { src: 'http://' + host + '/script' })),
      fetch('http://' + host + '/fetch', { mode: 'no-cors' }).then(() => 'loaded', () => 'refused'),
      socket(),
    ]);
  }`,

  clickLink: `({ href, download }) => {
    const link = document.createElement('a');
    link.href = href;
    if (download !== undefined) link.download = download;
    document.body.append(link);
    link.click();
    link.remove();
  }`,

  openWindow: `(address) => window.open(address) !== null`,

  frame: `async () => {
    const frame = document.createElement('iframe');
    frame.src = 'waku-desk://app/index.html';
    const refused = new Promise((resolve) => document.addEventListener(
      'securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }));
    document.body.append(frame);
    const directive = await refused;
    frame.remove();
    return directive;
  }`,

  webview: `() => {
    const webview = document.createElement('webview');
    webview.setAttribute('src', 'https://example.com/');
    document.body.append(webview);
    const isOne = 'getWebContentsId' in webview;
    webview.remove();
    return isOne;
  }`,

  permissions: `async () => {
    const state = async (name) => (await navigator.permissions.query({ name })).state;
    const outcome = (promise) => promise.then(() => 'granted', () => 'denied');
    return {
      geolocation: await state('geolocation'),
      midi: await state('midi'),
      notifications: await Notification.requestPermission(),
      camera: await outcome(navigator.mediaDevices.getUserMedia({ video: true })),
      read: await outcome(navigator.clipboard.readText()),
      write: await state('clipboard-write'),
    };
  }`,

  candidates: `async () => {
    const connection = new RTCPeerConnection();
    const found = [];
    connection.onicecandidate = ({ candidate }) => { if (candidate?.candidate) found.push(candidate.candidate); };
    const gathered = new Promise((resolve) => {
      connection.onicegatheringstatechange = () => { if (connection.iceGatheringState === 'complete') resolve(); };
    });
    connection.createDataChannel('x');
    await connection.setLocalDescription();
    await gathered;
    connection.close();
    return found;
  }`,

  send: `(messages) => { for (const message of messages) window.wakuDesk.send(message); }`,

  /** Opens a connection, sends one frame of a pattern, and answers with why the connection was ended. */
  sendFrame: `({ pattern, count }) => new Promise((resolve) => {
    const connection = Math.floor(Math.random() * 2 ** 32);
    window.wakuDesk.onMessage((message) => {
      if (message.kind === 'closed' && message.connection === connection) resolve(message.reason);
    });
    window.wakuDesk.send({ kind: 'open', connection });
    const frame = new Uint8Array(pattern.length * count);
    for (let i = 0; i < frame.length; i++) frame[i] = pattern[i % pattern.length];
    window.wakuDesk.send({ kind: 'frame', connection, frame });
  })`,
};

/** @returns what the script answers */
export function tryInPage(page: Page, script: keyof typeof SCRIPTS, argument?: unknown): Promise<unknown> {
  return page.evaluate(`(${SCRIPTS[script]})(${argument === undefined ? '' : JSON.stringify(argument)})`);
}
