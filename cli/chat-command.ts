/** `waku-desk chat`: a room of chat2 on a terminal, or for what comes through a pipe. */
import type { Capture } from '../core/capture/capture.ts';
import { nowNs } from '../core/engine/clock.ts';
import { asWakuDeskError, WakuDeskError } from '../core/engine/errors.ts';
import { contentTopicExpression } from '../core/filter/filter.ts';
import type { Session } from '../core/session/session.ts';
import type { SessionBatch } from '../core/session/types.ts';
import { chatRoomName, DEFAULT_CHAT_TOPIC, encodeChat, readChatRoom, readNick } from '../core/waku/chat.ts';
import { formatPubsubTopic } from '../core/waku/topics.ts';
import type { CaptureOptions } from '../flags/capture-flags.ts';
import { openCapture } from './capture.ts';
import { ChatInput } from './chat-input.ts';
import { chatLine, deliveryWords, printChat } from './chat-lines.ts';
import { clientConfig, shardsOf, withClient } from './client.ts';
import { checkReachable, noteAddresses } from './hear.ts';
import { counted } from './message-lines.ts';
import type { ClientOptions } from './options.ts';
import { printable, type Output } from './output.ts';
import { waitForPeer } from './wait-for-peer.ts';

export interface ChatOptions extends ClientOptions, CaptureOptions {
  nick: string;
  /** By its name in chat2; exclusive with `contentTopic`. */
  room?: string;
  contentTopic?: string;
  /** Lines of the capture to begin with. */
  history: number;
  /** Lines with a slash are commands, also where nobody types them. */
  commands: boolean;
  timeoutMs: number;
}

const OPERATION = 'cli.chat';
const HELP = [
  '/nick NAME   another nick',
  '/join ROOM   another room, by name or content topic',
  '/peers       who is connected',
  '/quit        the end',
  '//text       a line that begins with a slash',
];

/**
 * Ends with the input, after everything was sent. Who types goes on after a line that cannot be sent; for a pipe that
 * is the end.
 * @throws WakuDeskError BAD_USE; of start and connect; of a line from a pipe, NO_PEERS, TIMED_OUT
 */
export async function runChat(options: ChatOptions, output: Output, signal: AbortSignal): Promise<void> {
  checkReachable(options, OPERATION);
  const nick = valueOf(readNick(options.nick), 'nick');
  const contentTopic = valueOf(
    readChatRoom(options.contentTopic ?? options.room ?? DEFAULT_CHAT_TOPIC),
    'contentTopic',
  );
  const pubsubTopic = topicOf(options);
  if (options.history > 0 && options.capture === undefined)
    throw badUse('There is no capture to read the history from.', 'Name its folder with --capture.');
  const config = options.light === true ? { contentTopics: [contentTopic] } : {};
  // Refused before a capture is made.
  clientConfig(options, config);
  const capture = await openCapture(options);
  const { timeoutMs } = options;
  try {
    await withClient(
      options,
      { keepConnected: true, config, timeoutMs, signal, output, capture },
      async ({ session }) => {
        const chat = new ChatCommand({ options, output, signal, session, pubsubTopic, nick, contentTopic });
        await chat.run(capture);
      },
    );
  } finally {
    await capture?.close();
  }
}

interface ChatParts {
  options: ChatOptions;
  output: Output;
  signal: AbortSignal;
  session: Session;
  pubsubTopic: string;
  nick: string;
  contentTopic: string;
}

class ChatCommand {
  readonly #parts: ChatParts;
  readonly #input: ChatInput;
  readonly #readsCommands: boolean;
  #nick: string;
  #contentTopic: string;
  #hadPeer = false;

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#input = new ChatInput(parts.output);
    this.#readsCommands = this.#input.isTerminal || parts.options.commands;
    this.#nick = parts.nick;
    this.#contentTopic = parts.contentTopic;
  }

  async run(capture: Capture | null): Promise<void> {
    const { output, session, signal, options } = this.#parts;
    if (capture !== null) await this.#printHistory(capture, options.history);
    const { snapshot } = session.attach(async (batch) => {
      this.#input.above(() => {
        this.#heard(batch);
      });
      await output.drained();
    });
    this.#noteRoom(snapshot.peers.length);
    if (options.connect.length === 0) noteAddresses(snapshot.identity, output);
    if (this.#readsCommands) output.note('/help lists the commands');
    for await (const line of this.#input.lines(this.#nick, signal)) {
      if (line === '/quit' && this.#readsCommands) break;
      try {
        await this.#take(line);
      } catch (error) {
        if (signal.aborted) break;
        if (!this.#readsCommands) throw error;
        output.error(
          asWakuDeskError(error, { code: 'ENGINE_FAILED', operation: OPERATION, hint: 'Try again.' }),
        );
      }
    }
    // What became of the last line is told before the end.
    await session.delivered();
  }

  async #take(line: string): Promise<void> {
    if (!this.#readsCommands) await this.#say(line);
    else if (line.startsWith('//')) await this.#say(line.slice(1));
    else if (line.startsWith('/')) await this.#command(line);
    else await this.#say(line);
  }

  async #say(text: string): Promise<void> {
    if (text.trim() === '') return;
    const { output, session, pubsubTopic, signal, options } = this.#parts;
    if (!this.#hadPeer) {
      await waitForPeer(session, options.light === true ? null : pubsubTopic, options.timeoutMs, signal);
      this.#hadPeer = true;
    }
    const contentTopic = this.#contentTopic;
    const nick = this.#nick;
    const timestampNs = nowNs();
    const payload = encodeChat({ timestampS: Number(timestampNs / 1_000_000_000n), nick, text });
    const published = await session.publish({ payload, contentTopic, pubsubTopic, timestampNs }, { signal });
    const { sentToPeers } = published;
    const words = deliveryWords(sentToPeers);
    output.result(
      'published',
      { ...published, contentTopic, payloadBytes: payload.length, nick, text },
      // A terminal shows the line as it was typed.
      this.#input.isTerminal ? `  ${words}` : `${chatLine(timestampNs, nick, text)}  [${words}]`,
    );
    if (sentToPeers === 0)
      throw new WakuDeskError('NO_PEERS', 'Nobody is left to send to: the line went nowhere.', {
        operation: OPERATION,
        hint: 'Check the node at the other end, and send the line again.',
      });
  }

  async #command(line: string): Promise<void> {
    const [name = '', ...words] = line.split(/\s+/);
    const rest = words.join(' ').trim();
    const { output, session, options, pubsubTopic, signal } = this.#parts;
    switch (name) {
      case '/help':
        for (const text of HELP) output.note(text);
        return;
      case '/nick':
        this.#nick = valueOf(readNick(rest), 'nick');
        this.#input.prompt(this.#nick);
        output.note(`you are ${this.#nick}`);
        return;
      case '/join': {
        const contentTopic = valueOf(readChatRoom(rest), 'contentTopic');
        if (options.light === true)
          await session.filterSubscribe({ contentTopics: [contentTopic], pubsubTopic }, { signal });
        this.#contentTopic = contentTopic;
        this.#noteRoom(session.snapshot().peers.length);
        return;
      }
      case '/peers': {
        const { peers } = session.snapshot();
        for (const peer of peers) output.result('peer', peer, printable(`${peer.peerId}  ${peer.agent}`));
        if (peers.length === 0) output.note('no peers');
        return;
      }
      default:
        throw badUse(`There is no command ${name}.`, '/help lists them; // begins a line with a slash.');
    }
  }

  #heard({ messages, states, missed }: SessionBatch): void {
    const { output } = this.#parts;
    if (missed > 0) output.note(`${missed} messages left out: the reader of this output is too slow`);
    for (const message of messages)
      if (message.dir === 'in' && message.message.contentTopic === this.#contentTopic)
        printChat(output, message, message.seq);
    for (const { hash, atNs, delivery } of states)
      output.result('delivery', { hash, atNs, ...delivery }, null);
  }

  #noteRoom(peers: number): void {
    const { output, pubsubTopic } = this.#parts;
    const name = chatRoomName(this.#contentTopic);
    const topic = name === this.#contentTopic ? '' : ` (${this.#contentTopic})`;
    output.note(`in ${name}${topic} on ${pubsubTopic}, ${counted(peers, 'peer')} connected`);
  }

  async #printHistory(capture: Capture, count: number): Promise<void> {
    if (count === 0) return;
    const { output, signal } = this.#parts;
    const filter = contentTopicExpression(this.#contentTopic);
    const found: number[] = [];
    for await (const seqs of capture.scan({ filter, direction: 'backward', limit: count, signal }))
      found.push(...seqs);
    for await (const messages of capture.allMessagesOf(found.reverse()))
      for (const message of messages) {
        printChat(output, message, message.seq);
        await output.drained();
      }
  }
}

function topicOf(options: ChatOptions): string {
  const [shard, ...others] = shardsOf(options);
  if (shard === undefined || others.length > 0) throw badUse('A room is on one shard.', 'Give --shard once.');
  return formatPubsubTopic({ cluster: options.clusterId, shard });
}

function valueOf<Name extends string>(
  result: Record<Name, string> | { problem: string },
  name: Name,
): string {
  if ('problem' in result) throw badUse(result.problem, 'Correct it, and try again.');
  return result[name];
}

function badUse(message: string, hint: string): WakuDeskError {
  return new WakuDeskError('BAD_USE', message, { operation: OPERATION, hint });
}
