/** Everything that the palette offers and a shortcut does, in one table. */
import { exportMessages } from '../store/capture-actions.ts';
import { writeInChat } from '../store/chat-actions.ts';
import type { Desk } from '../store/desk.ts';
import { examine } from '../store/doctor-actions.ts';
import { restartNode, startDemo, startNode, stopDemo, stopNode } from '../store/node-actions.ts';
import { pingAll } from '../store/peer-actions.ts';
import { copyText } from '../ui/copy-button.tsx';
import { applyTheme, goTo } from '../store/view-actions.ts';
import { VIEW_TABLE } from './views.ts';

export interface Command {
  id: string;
  title: string;
  group: 'Go to' | 'Messages' | 'Chat' | 'Peers' | 'Node' | 'Window';
  /** A key as KeyboardEvent has it; `mod+` is Ctrl, or ⌘ on a Mac. */
  shortcut?: string;
  run: (desk: Desk) => void;
}

const copy = (desk: Desk, what: string, text: string | null | undefined): void => {
  if (text === null || text === undefined) {
    desk.toast({ tone: 'bad', text: `The node has no ${what} now.` });
    return;
  }
  copyText(text).then(
    () => {
      desk.toast({ tone: 'good', text: `Copied the ${what}.` });
    },
    () => {
      desk.toast({
        tone: 'bad',
        text: `The ${what} could not be copied: the page may not use the clipboard.`,
      });
    },
  );
};
const identity = (desk: Desk) => desk.store.getState().live?.node.identity;

export function focusFilter(desk: Desk): void {
  goTo(desk, 'messages');
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('#filter')?.select());
}

function focusPayload(desk: Desk): void {
  goTo(desk, 'publish');
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>('.payload-input')?.focus());
}

export const COMMANDS: readonly Command[] = [
  ...VIEW_TABLE.map(({ name, title, digit }): Command => ({
    id: `go.${name}`,
    title,
    group: 'Go to',
    shortcut: digit,
    run: (desk) => {
      goTo(desk, name);
    },
  })),
  { id: 'filter', title: 'Filter messages', group: 'Messages', shortcut: 'mod+f', run: focusFilter },
  { id: 'publish.write', title: 'Write a message', group: 'Messages', run: focusPayload },
  {
    id: 'filter.clear',
    title: 'Clear the filter',
    group: 'Messages',
    run: (desk) => {
      desk.messages.apply('');
    },
  },
  {
    id: 'pause',
    title: 'Pause or resume the list',
    group: 'Messages',
    shortcut: 'Space',
    run: (desk) => {
      desk.messages.togglePause();
    },
  },
  {
    id: 'export.ndjson',
    title: 'Export shown messages as NDJSON',
    group: 'Messages',
    shortcut: 'mod+e',
    run: (desk) => void exportMessages(desk, 'ndjson'),
  },
  {
    id: 'export.csv',
    title: 'Export shown messages as CSV',
    group: 'Messages',
    run: (desk) => void exportMessages(desk, 'csv'),
  },
  { id: 'chat.write', title: 'Write in the chat', group: 'Chat', shortcut: 'c', run: writeInChat },
  {
    id: 'peers.connect',
    title: 'Connect to a peer',
    group: 'Peers',
    run: (desk) => {
      goTo(desk, 'peers');
      requestAnimationFrame(() => document.querySelector<HTMLInputElement>('#peer-address')?.focus());
    },
  },
  { id: 'peers.ping', title: 'Ping every peer', group: 'Peers', run: (desk) => void pingAll(desk) },
  {
    id: 'copy.address',
    title: 'Copy the node’s address',
    group: 'Node',
    run: (desk) => {
      copy(desk, 'address', identity(desk)?.listenAddresses[0]);
    },
  },
  {
    id: 'copy.id',
    title: 'Copy the node’s peer id',
    group: 'Node',
    run: (desk) => {
      copy(desk, 'peer id', identity(desk)?.peerId);
    },
  },
  {
    id: 'copy.enr',
    title: 'Copy the node’s ENR',
    group: 'Node',
    run: (desk) => {
      copy(desk, 'ENR', identity(desk)?.enr);
    },
  },
  { id: 'node.start', title: 'Start the node', group: 'Node', run: (desk) => void startNode(desk) },
  { id: 'node.stop', title: 'Stop the node', group: 'Node', run: (desk) => void stopNode(desk) },
  { id: 'node.restart', title: 'Restart the node', group: 'Node', run: (desk) => void restartNode(desk) },
  {
    id: 'demo.start',
    title: 'Start the demo: three nodes that chat',
    group: 'Node',
    run: (desk) => void startDemo(desk),
  },
  { id: 'demo.stop', title: 'Stop the demo', group: 'Node', run: (desk) => void stopDemo(desk) },
  {
    id: 'node.log',
    title: 'Show the engine log',
    group: 'Node',
    run: (desk) => {
      desk.update('node', { tab: 'log' });
      goTo(desk, 'node');
    },
  },
  {
    id: 'node.settings',
    title: 'Change settings',
    group: 'Node',
    run: (desk) => {
      desk.update('node', { tab: 'settings' });
      goTo(desk, 'node');
    },
  },
  {
    id: 'doctor.run',
    title: 'Examine this machine again',
    group: 'Node',
    run: (desk) => {
      goTo(desk, 'doctor');
      void examine(desk, true);
    },
  },
  ...(['system', 'dark', 'light'] as const).map((theme): Command => ({
    id: `theme.${theme}`,
    title: theme === 'system' ? 'Theme of the system' : `${theme === 'dark' ? 'Dark' : 'Light'} theme`,
    group: 'Window',
    run: (desk) => {
      applyTheme(desk, theme);
    },
  })),
  {
    id: 'palette',
    title: 'Commands',
    group: 'Window',
    shortcut: 'mod+k',
    run: (desk) => {
      desk.store.setState({ overlay: 'palette' });
    },
  },
  {
    id: 'shortcuts',
    title: 'Keyboard shortcuts',
    group: 'Window',
    shortcut: '?',
    run: (desk) => {
      desk.store.setState({ overlay: 'shortcuts' });
    },
  },
];

/** Commands whose words hold every word of the query, in any order. */
export function findCommands(query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return COMMANDS.filter(({ id, title, group }) => {
    const text = `${group} ${title}`.toLowerCase();
    return id !== 'palette' && words.every((word) => text.includes(word));
  });
}
