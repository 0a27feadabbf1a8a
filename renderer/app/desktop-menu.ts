/** The page and the menu of the desktop app: what can be done here stands there, and what is chosen there is done here. */
import { mainMessageSchema } from '../../core/operations/window-bridge-messages.ts';
import type { WindowBridge } from '../../core/operations/window-bridge.ts';
import type { Desk } from '../store/desk.ts';
import { COMMANDS } from './commands.ts';

export function connectMenu(bridge: WindowBridge, desk: Desk): void {
  bridge.onMessage((value) => {
    const { success, data: message } = mainMessageSchema.safeParse(value);
    if (!success) return;
    if (message.kind === 'command') COMMANDS.find(({ id }) => id === message.id)?.run(desk);
    if (message.kind === 'notice') desk.toast({ tone: message.tone, text: message.text });
  });
  bridge.send({
    kind: 'commands',
    commands: COMMANDS.map(({ id, title, group, shortcut }) => ({ id, title, group, shortcut })),
  });
}
