/** The way of own messages into the library: noted by their hash before, counted by its lines behind. */
import { delay, withDeadline } from '../../core/engine/deadline.ts';
import type { CallOptions, PublishReceipt, TimedCallOptions } from '../../core/engine/engine.ts';
import type { WakuDeskError } from '../../core/engine/errors.ts';
import { failure } from '../../core/engine/failure.ts';
import { duplicate, passOrThrow } from '../../core/engine/relay-rules.ts';
import type { WakuMessage } from '../../core/waku/message.ts';
import { libraryMessage } from './library-message.ts';
import { LibraryError } from './library-node.ts';
import { nativeHashText } from './message-hash.ts';
import type { NodeLog } from './node-log.ts';
import type { PublishBatches, Published } from './publish-batches.ts';
import type { RunningNode } from './running-node.ts';
import { callService } from './services.ts';

const PUBLISH_MS = 20_000;
/** How long lines of real sends may come behind the answer of a publish. */
const SENT_LINES_MS = 250;
const LOOK_MS = 5;

/** @throws WakuDeskError CANCELLED, MESSAGE_DUPLICATE, ENGINE_FAILED, TIMED_OUT */
export function publish(
  running: RunningNode,
  nodeLog: NodeLog,
  pubsubTopic: string,
  message: WakuMessage,
  options: CallOptions,
): Promise<PublishReceipt> {
  return running.batches === null
    ? publishAlone(running, nodeLog, pubsubTopic, message, options)
    : publishInBatch(running, running.batches, pubsubTopic, message, options);
}

async function publishAlone(
  running: RunningNode,
  nodeLog: NodeLog,
  pubsubTopic: string,
  message: WakuMessage,
  options: CallOptions,
): Promise<PublishReceipt> {
  const hash = noteOwn(running, 'publish', pubsubTopic, message, options);
  try {
    const args = [pubsubTopic, libraryMessage(message), PUBLISH_MS];
    await running.node.call('waku_relay_publish', args, { timeoutMs: PUBLISH_MS, ...options });
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    // The library has echoed it then: it counts as published, to nobody.
    if (isForNobody(error)) return { sentToPeers: 0 };
    running.book.unpublish(hash);
    throw notPublished(error);
  }
  return { sentToPeers: await realSends(running, nodeLog, hash) };
}

/** A caller that gives up does not wait any more; its message, one of many, goes on. */
async function publishInBatch(
  running: RunningNode,
  batches: PublishBatches,
  pubsubTopic: string,
  message: WakuMessage,
  { signal }: CallOptions,
): Promise<PublishReceipt> {
  throwIfAborted('publish', signal);
  running.book.lastMs = performance.now();
  const answered = batches.publish(pubsubTopic, message);
  return signal === undefined ? answered : withDeadline('engine.publish', { signal }, () => answered);
}

/**
 * The library tells what it sent, and what it has seen before; the echo is told here, before the answer.
 * @throws WakuDeskError MESSAGE_DUPLICATE, ENGINE_FAILED
 */
export function publishedInBatch(
  running: RunningNode,
  pubsubTopic: string,
  message: WakuMessage,
  { hash, outcome }: Published,
): PublishReceipt {
  const isOut = typeof outcome === 'number' || isForNobody(outcome);
  if (isOut && hash !== null) {
    // From now on its own: it may come back in another form of bytes, which is another message to gossipsub.
    running.book.publish(hash, performance.now());
    if (running.book.echo(hash)) running.echo(pubsubTopic, message, hash);
    return { sentToPeers: typeof outcome === 'number' ? outcome : 0 };
  }
  if (hash !== null && outcome instanceof LibraryError && outcome.message === 'duplicate')
    passOrThrow(duplicate(hash), 'engine.publish');
  throw notPublished(outcome);
}

function isForNobody(error: LibraryError): boolean {
  return /NoPeersToPublish/i.test(error.message);
}

function notPublished(cause: unknown): WakuDeskError {
  const hint = 'Look at the log.';
  return failure('publish', 'ENGINE_FAILED', 'The node did not publish the message.', hint, cause);
}

function throwIfAborted(verb: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw failure(verb, 'CANCELLED', 'The call was cancelled.', 'Call again.');
}

/** @throws as {@link publish}, and NO_SERVICE_PEER, SERVICE_REFUSED */
export async function lightPush(
  running: RunningNode,
  pubsubTopic: string,
  message: WakuMessage,
  options: TimedCallOptions,
): Promise<void> {
  const hash = noteOwn(running, 'lightPush', pubsubTopic, message, options);
  try {
    const args = [pubsubTopic, libraryMessage(message)];
    await callService(running, 'lightPush', 'waku_lightpush_publish', args, options);
  } catch (error) {
    running.book.unpublish(hash);
    throw error;
  }
}

/** Before the call, for the echo may come before its answer. */
function noteOwn(
  { book }: RunningNode,
  verb: string,
  pubsubTopic: string,
  message: WakuMessage,
  { signal }: CallOptions,
): string {
  throwIfAborted(verb, signal);
  const hash = nativeHashText(pubsubTopic, message);
  if (!book.publish(hash, performance.now())) passOrThrow(duplicate(hash), `engine.${verb}`);
  return hash;
}

/** The library has printed them before it answered; null when it has not, for that tells nothing. */
async function realSends({ book }: RunningNode, nodeLog: NodeLog, hash: string): Promise<number | null> {
  const endMs = performance.now() + SENT_LINES_MS;
  for (;;) {
    const count = book.sends(hash);
    if (count > 0) return count;
    if (performance.now() > endMs) return null;
    await delay(LOOK_MS);
    nodeLog.read();
  }
}
