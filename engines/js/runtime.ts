/**
 * What libp2p expects of its JavaScript runtime and the oldest that this program runs on lacks: Node 20, and Node 16.17
 * inside Electron 22. Imported first, for its effect, by the engine; the one place where a runtime is patched.
 */
/* eslint-disable n/no-unsupported-features/node-builtins -- in Node 16.17 they are there, called experimental */
import { webcrypto } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';
/* eslint-enable n/no-unsupported-features/node-builtins */

interface Resolvers<T> {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason?: unknown) => void;
}

function withResolvers<T>(): Resolvers<T> {
  let resolve: Resolvers<T>['resolve'] | undefined;
  let reject: Resolvers<T>['reject'] | undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  if (resolve === undefined || reject === undefined) throw new Error('a promise runs its executor at once');
  return { promise, resolve, reject };
}

type Init = ConstructorParameters<typeof Event>[1] & { detail?: unknown };

class EventWithDetail extends Event {
  readonly detail: unknown;

  constructor(type: string, { detail = null, ...init }: Init = {}) {
    super(type, init);
    this.detail = detail;
  }
}

/** Only where it is missing. */
function provide(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

provide(Promise, 'withResolvers', withResolvers);
provide(globalThis, 'CustomEvent', EventWithDetail);
provide(globalThis, 'crypto', webcrypto);
provide(globalThis, 'BroadcastChannel', BroadcastChannel);
