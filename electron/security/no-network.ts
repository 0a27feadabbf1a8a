/** Chromium itself talks to nobody: the node does, through Node's own sockets. */
import { app } from 'electron';

const NOBODY = 'MAP * ~NOTFOUND';

/** Before the app is ready. */
export function keepChromiumOffTheNetwork(): void {
  const { commandLine } = app;
  // Also what no rule of a session or a page sees: looking up names ahead, Chromium's own services.
  commandLine.appendSwitch('host-resolver-rules', NOBODY);
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'dns-prefetch-disable',
    'no-pings',
    'no-proxy-server',
  ])
    commandLine.appendSwitch(name);
}

/** `npm run dev`, before the app is ready: this machine is found again, where the page hears what was edited. */
export function letThisMachineBeFound(): void {
  app.commandLine.appendSwitch('host-resolver-rules', `${NOBODY}, EXCLUDE 127.0.0.1`);
}
