/** The channel of a page in the desktop app: frames through the preload script's bridge. */
import type { OpenChannel } from './channel.ts';
import { decodeFrame, encodeFrame, HOST_FRAME_BOUNDS } from './codec.ts';
import { mainMessageSchema } from './window-bridge-messages.ts';
import type { WindowBridge } from './window-bridge.ts';

/** @param newId a number that no other page of this window has had */
export function windowBridgeChannel(bridge: WindowBridge, newId = randomId): OpenChannel {
  return (events) => {
    const connection = newId();
    let ended = false;
    const end = (): boolean => {
      const was = ended;
      ended = true;
      stopListening();
      return !was;
    };
    const broken = (reason: string): void => {
      if (end()) events.closed({ reason, refused: false });
    };
    const stopListening = bridge.onMessage((value) => {
      const { success, data: message } = mainMessageSchema.safeParse(value);
      if (!success || !('connection' in message) || message.connection !== connection) return;
      switch (message.kind) {
        case 'opened':
          events.opened();
          break;
        case 'closed':
          broken(message.reason);
          break;
        case 'frame':
          try {
            events.received(decodeFrame(message.frame, HOST_FRAME_BOUNDS));
          } catch {
            bridge.send({ kind: 'close', connection });
            broken('Waku Desk sent what cannot be read.');
          }
      }
    });
    bridge.send({ kind: 'open', connection });
    return {
      send(message) {
        if (!ended) bridge.send({ kind: 'frame', connection, frame: encodeFrame(message) });
      },
      close() {
        if (end()) bridge.send({ kind: 'close', connection });
      },
    };
  };
}

/** Not a secret: pages of one window are to be told apart. */
function randomId(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
