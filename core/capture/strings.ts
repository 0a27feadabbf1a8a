/** Texts that many rows share (topics, peer ids, failure codes), each kept once and named by a number. */

/** Number 0 stands for null. Counts its users, so that a ring can let go of texts that no row names any more. */
export class Strings {
  /** Rough memory of the texts, in bytes. */
  bytes = 0;
  private readonly texts: (string | null)[] = [null];
  private readonly users: number[] = [0];
  private readonly ids = new Map<string, number>();
  private readonly free: number[] = [];

  /** The number of a text, which then has one more user. */
  intern(text: string | null): number {
    if (text === null) return 0;
    const known = this.ids.get(text);
    if (known !== undefined) {
      this.users[known] = (this.users[known] ?? 0) + 1;
      return known;
    }
    const id = this.free.pop() ?? this.texts.length;
    this.texts[id] = text;
    this.users[id] = 1;
    this.ids.set(text, id);
    this.bytes += memoryOf(text);
    return id;
  }

  /** One user less; the text goes with its last one. */
  release(id: number): void {
    const text = this.texts[id];
    if (text === undefined || text === null) return;
    const left = (this.users[id] ?? 1) - 1;
    this.users[id] = left;
    if (left > 0) return;
    this.texts[id] = null;
    this.ids.delete(text);
    this.free.push(id);
    this.bytes -= memoryOf(text);
  }

  /** null for 0 and for a number that names nothing. */
  text(id: number): string | null {
    return this.texts[id] ?? null;
  }

  /** All texts from number 1 on. */
  list(): (string | null)[] {
    return this.texts.slice(1);
  }

  static from(texts: readonly (string | null)[]): Strings {
    const strings = new Strings();
    for (const text of texts) {
      const id = strings.texts.length;
      strings.texts.push(text);
      strings.users.push(1);
      if (text === null) continue;
      strings.ids.set(text, id);
      strings.bytes += memoryOf(text);
    }
    return strings;
  }
}

function memoryOf(text: string): number {
  return text.length * 2 + 100;
}
