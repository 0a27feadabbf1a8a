/** Watches everything that an engine says: every answer, failure and event must be of the contract. */
import { isDeepStrictEqual } from 'node:util';
import v8 from 'node:v8';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Engine } from '../../core/engine/engine.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';

const channel = new MessageChannel();
channel.port1.unref();

/** How a value changes on its way, by a child process or by a message port; null when it does not. */
export function cloneFault(value: unknown): string | null {
  try {
    const serialised: unknown = v8.deserialize(v8.serialize(value));
    if (!isDeepStrictEqual(serialised, value)) return 'changes when it is serialised';
    channel.port1.postMessage(value);
    const cloned: { message: unknown } | undefined = receiveMessageOnPort(channel.port2);
    return isDeepStrictEqual(cloned?.message, value) ? null : 'changes when it is cloned';
  } catch (error) {
    return `cannot be cloned: ${String(error)}`;
  }
}

/** The same engine; whatever it says that is not of the contract is added to `breaches`. */
export function watched(engine: Engine, breaches: string[]): Engine {
  const check = (what: string, value: unknown): void => {
    const fault = cloneFault(value);
    if (fault !== null) breaches.push(`${what} ${fault}`);
  };
  const checkFailure = (what: string, error: unknown): void => {
    if (!(error instanceof WakuDeskError)) breaches.push(`${what} fails with ${String(error)}`);
    else if (error.message === '' || error.hint === '') breaches.push(`${what} fails without words`);
    else check(`the failure of ${what}`, error.toData());
  };
  engine.onEvent((event) => {
    check(`the event ${event.type}`, event);
  });
  check('info', engine.info);
  return new Proxy(engine, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function' || key === 'onEvent') return bound(member, target);
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(member, target, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.then(
          (value: unknown) => {
            check(`the answer of ${String(key)}`, value);
            return value;
          },
          (error: unknown) => {
            checkFailure(String(key), error);
            throw error;
          },
        );
      };
    },
  });
}

function bound(member: unknown, target: object): unknown {
  return typeof member === 'function' ? (member.bind(target) as unknown) : member;
}
