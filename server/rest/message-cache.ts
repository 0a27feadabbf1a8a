/**
 * Messages that wait to be asked for, each once, by pubsub topic or by content topic; the newest of each pubsub topic.
 * Every step costs the same however many there are.
 */
import type { HashText } from '../../core/waku/hash.ts';
import type { WakuMessage } from '../../core/waku/message.ts';

interface Entry {
  hash: HashText;
  message: WakuMessage;
  pubsub: TopicList;
  content: TopicList;
}

export class MessageCache {
  readonly #capacity: number;
  readonly #byPubsubTopic = new Map<string, TopicList>();
  readonly #byContentTopic = new Map<string, TopicList>();
  /** Content topics that were asked for: they answer also while they have none. */
  readonly #contentTopics = new Set<string>();

  /** @param capacity messages of one pubsub topic */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(pubsubTopic: string, hash: HashText, message: WakuMessage): void {
    const pubsub = listOf(this.#byPubsubTopic, pubsubTopic);
    if (pubsub.has(hash)) return;
    const oldest = pubsub.size >= this.#capacity ? pubsub.oldest() : undefined;
    if (oldest !== undefined) this.#remove(oldest);
    const content = listOf(this.#byContentTopic, message.contentTopic);
    const entry = { hash, message, pubsub, content };
    pubsub.add(entry);
    content.add(entry);
  }

  /** Adds a message whose content topic is subscribed here. */
  offer(pubsubTopic: string, hash: HashText, message: WakuMessage): void {
    if (this.#contentTopics.has(message.contentTopic)) this.add(pubsubTopic, hash, message);
  }

  /** Takes the messages of a pubsub topic. */
  takePubsub(pubsubTopic: string): WakuMessage[] {
    return this.#take(this.#byPubsubTopic.get(pubsubTopic));
  }

  /** Takes the messages of a content topic; null for one that is not known. */
  takeContent(contentTopic: string): WakuMessage[] | null {
    const list = this.#byContentTopic.get(contentTopic);
    if (list === undefined && !this.#contentTopics.has(contentTopic)) return null;
    return this.#take(list);
  }

  subscribeContent(contentTopic: string): void {
    this.#contentTopics.add(contentTopic);
  }

  unsubscribeContent(contentTopic: string): void {
    this.#contentTopics.delete(contentTopic);
    this.takeContent(contentTopic);
  }

  #take(list: TopicList | undefined): WakuMessage[] {
    if (list === undefined) return [];
    const entries = list.entries();
    for (const entry of entries) this.#remove(entry);
    return entries.map(({ message }) => message);
  }

  #remove(entry: Entry): void {
    const { pubsub, content } = entry;
    pubsub.remove(entry);
    content.remove(entry);
    if (pubsub.size === 0) this.#byPubsubTopic.delete(pubsub.topic);
    if (content.size === 0) this.#byContentTopic.delete(content.topic);
  }
}

/** Removing fills the gap with the last one, so that the order is wakunode2's own. */
class TopicList {
  readonly topic: string;
  readonly #list: Entry[] = [];
  /** In the order of arrival, with the place in the list. */
  readonly #places = new Map<HashText, number>();

  constructor(topic: string) {
    this.topic = topic;
  }

  get size(): number {
    return this.#list.length;
  }

  has(hash: HashText): boolean {
    return this.#places.has(hash);
  }

  oldest(): Entry | undefined {
    for (const place of this.#places.values()) return this.#list[place];
    return undefined;
  }

  entries(): Entry[] {
    return [...this.#list];
  }

  add(entry: Entry): void {
    this.#places.set(entry.hash, this.#list.push(entry) - 1);
  }

  remove({ hash }: Entry): void {
    const place = this.#places.get(hash);
    const last = this.#list.pop();
    if (place === undefined || last === undefined) return;
    if (last.hash !== hash) {
      this.#list[place] = last;
      this.#places.set(last.hash, place);
    }
    this.#places.delete(hash);
  }
}

function listOf(lists: Map<string, TopicList>, topic: string): TopicList {
  const known = lists.get(topic);
  if (known !== undefined) return known;
  const list = new TopicList(topic);
  lists.set(topic, list);
  return list;
}
