/** Runs in the sandbox of the window and gives the page its bridge: our messages, both ways, and nothing of Electron. */
import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_CHANNEL, type WindowBridge } from '../core/operations/window-bridge.ts';

const bridge: WindowBridge = {
  send(message) {
    ipcRenderer.send(BRIDGE_CHANNEL, message);
  },
  onMessage(listener) {
    const hear = (_event: unknown, message: unknown): void => {
      listener(message);
    };
    ipcRenderer.on(BRIDGE_CHANNEL, hear);
    return () => ipcRenderer.off(BRIDGE_CHANNEL, hear);
  },
};

contextBridge.exposeInMainWorld('wakuDesk', bridge);
