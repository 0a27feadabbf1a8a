/** Three more nodes that chat with each other, so that the first look at a node shows life. */
import { parseNodeConfig } from '../../core/engine/config.ts';
import { delay } from '../../core/engine/deadline.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { Turns } from '../../core/engine/turns.ts';
import { Session } from '../../core/session/session.ts';
import { DEFAULT_CHAT_TOPIC, encodeChat } from '../../core/waku/chat.ts';
import { createEngine } from '../../engines/process/create-engine.ts';
import type { Harness } from './harness.ts';

interface Speaker {
  nick: string;
  session: Session;
}

const NICKS = ['Ada', 'Grace', 'Edsger'] as const;

/** Spoken over and over, each by the next of the three. */
const LINES = [
  'Good morning. Is everybody on the mesh?',
  'I hear you. Two hops, it seems.',
  'Same here, no duplicates so far.',
  'Then let us see how a longer line travels: gossip spreads by neighbours, not by a server.',
  'It arrived. And everybody can count the copies that did not.',
  'What happens when one of us leaves?',
  'The others graft a new neighbour at the next heartbeat.',
  'Try it: disconnect one of us in the list of peers.',
  'And filter for content:/toy-chat/ to see only this talk.',
] as const;

const DEFAULT_PAUSE_MS = 2_500;

export class Demo {
  readonly #harness: Harness;
  readonly #pauseMs: number;
  #running: { stop: AbortController; speakers: Speaker[] } | null = null;
  readonly #turns = new Turns();

  /** @param pauseMs mean pause between two lines */
  constructor(harness: Harness, pauseMs = DEFAULT_PAUSE_MS) {
    this.#harness = harness;
    this.#pauseMs = pauseMs;
  }

  /**
   * On the first topic of the node, connected to it. Answers at once where it runs already.
   * @throws WakuDeskError NOT_RUNNING; NOT_SUBSCRIBED without a topic; of a speaker's start
   */
  start(): Promise<void> {
    return this.#turns.take(() => this.#start());
  }

  /** Idempotent. */
  stop(): Promise<void> {
    return this.#turns.take(() => this.#stop());
  }

  async #start(): Promise<void> {
    if (this.#running !== null) return;
    const { pubsubTopic, address } = this.#meetingPoint();
    const speakers: Speaker[] = [];
    const running = { stop: new AbortController(), speakers };
    this.#running = running;
    try {
      for (const nick of NICKS) speakers.push(await this.#speaker(nick, pubsubTopic, [address], speakers));
    } catch (error) {
      await this.#stop();
      throw error;
    }
    void this.#chat(speakers, pubsubTopic, running.stop.signal);
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.stop.abort();
    await Promise.all(running.speakers.map(({ session }) => session.stop()));
  }

  #meetingPoint(): { pubsubTopic: string; address: string } {
    const { identity, topics } = this.#harness.node.session.snapshot();
    const address = identity?.listenAddresses[0];
    const pubsubTopic = topics[0]?.pubsubTopic;
    const operation = 'demo.start';
    if (this.#harness.settings.light)
      throw new WakuDeskError(
        'UNSUPPORTED',
        'A light client does not hear the nodes of the demo: they relay only.',
        {
          operation,
          hint: 'Run it as a relay node, or connect to a service node.',
        },
      );
    if (address === undefined)
      throw new WakuDeskError('NOT_RUNNING', 'The node is not running.', { operation, hint: 'Start it.' });
    if (pubsubTopic === undefined)
      throw new WakuDeskError('NOT_SUBSCRIBED', 'The node relays no shard on which the others could talk.', {
        operation,
        hint: 'Switch a shard on.',
      });
    return { pubsubTopic, address };
  }

  async #speaker(
    nick: string,
    pubsubTopic: string,
    addresses: readonly string[],
    others: readonly Speaker[],
  ): Promise<Speaker> {
    const config = parseNodeConfig({
      clusterId: this.#harness.settings.clusterId,
      pubsubTopics: [pubsubTopic],
      shards: [],
      staticNodes: [...addresses, ...others.flatMap(({ session }) => addressOf(session))],
      agentString: `waku-desk demo (${nick})`,
    });
    const session = new Session({ engine: await createEngine('js', config), config });
    await session.start();
    return { nick, session };
  }

  async #chat(speakers: readonly Speaker[], pubsubTopic: string, signal: AbortSignal): Promise<void> {
    for (let i = 0; ; i++) {
      // Between half and one and a half times the pause, as people talk.
      await delay(this.#pauseMs * (0.5 + Math.random()), signal);
      const speaker = speakers[i % speakers.length];
      const text = LINES[i % LINES.length];
      if (signal.aborted || speaker === undefined || text === undefined) return;
      const timestampS = Math.floor(Date.now() / 1_000);
      const payload = encodeChat({ timestampS, nick: speaker.nick, text });
      try {
        await speaker.session.publish({ pubsubTopic, contentTopic: DEFAULT_CHAT_TOPIC, payload });
      } catch {
        // Nobody is connected to this speaker now: the next line may be heard again.
      }
    }
  }
}

function addressOf(session: Session): string[] {
  return session.snapshot().identity?.listenAddresses.slice(0, 1) ?? [];
}
