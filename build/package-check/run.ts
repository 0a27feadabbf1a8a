/** Starting an artifact as a user does, with ordinary flags only, and using it from outside. */
import { access, readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeCause } from '../../core/engine/errors.ts';
import type { OpenArtifact } from './artifact.ts';
import type { Person } from './as-user.ts';
import { Display } from './display.ts';
import { CLUSTER, OutsideNode, SHARD } from './outside-node.ts';
import { Started } from './processes.ts';
import { failed, ok, skipped, type Row } from './row.ts';
import type { BuildFile } from './seals.ts';

const START_MS = 60_000;
const STEP_MS = 30_000;
const TYPED_MS = 15_000;
const ATTEMPTS = 3;
const LOOK_MS = 100;

/** One row for each step; after one that failed the others are skipped. */
export async function runRows(
  artifact: OpenArtifact,
  build: BuildFile,
  person: Person,
  work: string,
): Promise<Row[]> {
  const rows = new Steps(`as ${person.name}: `);
  const display = await Display.start(join(work, person.name.replaceAll(' ', '-')));
  try {
    const outside = await OutsideNode.start();
    const app = start(artifact, person, outside, display);
    try {
      await use({ artifact, build, person, display, outside, app }, rows);
    } finally {
      app.kill();
      await outside.stop();
    }
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
  } finally {
    await display.stop();
  }
  return rows.done();
}

interface Run {
  artifact: OpenArtifact;
  build: BuildFile;
  person: Person;
  display: Display;
  outside: OutsideNode;
  app: App;
}

/** @throws StepFailed */
async function use({ artifact, build, person, display, outside, app }: Run, rows: Steps): Promise<void> {
  const { id, place } = await rows.step('window', async () => {
    const found = await display.window('Waku Desk', START_MS, app);
    const { width, height } = found.place;
    return [found, `${width}x${height}, ${secondsSince(app.startedMs)} s`];
  });
  const look = (what: string, work: () => Promise<string>): Promise<unknown> =>
    rows.look(what, async () => [null, await work()]);
  await look('page', async () => `${await display.picture(place, STEP_MS, app)} colours`);
  await look('sandbox', () => sandboxOf(app, person));
  await rows.step('message received', async () => [null, await receive(outside, person, display, app)]);
  await look('library', () => libraryInUse(artifact, build, app));
  await look('message sent from the keyboard', () => sendTyped(id, display, outside));
  await look('end', () => end(app));
}

function secondsSince(startMs: number): number {
  return Math.round((Date.now() - startMs) / 100) / 10;
}

const STEPS = [
  'window',
  'page',
  'sandbox',
  'message received',
  'library',
  'message sent from the keyboard',
  'end',
];

class StepFailed extends Error {}

class Steps {
  readonly #rows: Row[] = [];
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** What comes after needs it. */
  async step<T>(what: string, work: () => Promise<[T, string]>): Promise<T> {
    const done = await this.look(what, work);
    if (done === null) throw new StepFailed();
    return done.value;
  }

  /** @returns null when it failed */
  async look<T>(what: string, work: () => Promise<[T, string]>): Promise<{ value: T } | null> {
    try {
      const [value, detail] = await work();
      this.#rows.push(ok(this.#prefix + what, detail));
      return { value };
    } catch (error) {
      this.#rows.push(failed(this.#prefix + what, describeCause(error)));
      return null;
    }
  }

  done(): Row[] {
    const left = STEPS.slice(this.#rows.length);
    return [...this.#rows, ...left.map((what) => skipped(this.#prefix + what, 'a step before it failed'))];
  }
}

class App extends Started {
  readonly startedMs = Date.now();

  override kill(): void {
    this.killGroup();
  }

  /** Everything that it has started, too. */
  killGroup(signal: NodeJS.Signals = 'SIGKILL'): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Nothing is left of it.
    }
  }
}

function start(artifact: OpenArtifact, person: Person, outside: OutsideNode, display: Display): App {
  const folder = join(person.home, 'data');
  const node = ['--connect', outside.address, '--cluster-id', String(CLUSTER), '--shard', String(SHARD)];
  const [command = '', ...args] = [
    ...person.prefix,
    artifact.command,
    ...person.flags,
    `--user-data-dir=${folder}`,
    ...node,
  ];
  return new App(command, args, {
    cwd: person.home,
    // A group of its own, so that all of it can be ended and counted.
    detached: true,
    env: {
      ...artifact.environment,
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: person.home,
      TMPDIR: person.home,
      DISPLAY: display.name,
    },
  });
}

async function receive(outside: OutsideNode, person: Person, display: Display, app: App): Promise<string> {
  const payload = 'told from outside';
  const inCapture = `"payload":"${Buffer.from(payload).toString('base64')}"`;
  // Before it is connected it hears nothing, so it is told again.
  return display.poll('a message in the capture', STEP_MS, app, async () => {
    await outside.send(payload);
    return (await captureOf(person)).includes(inCapture) ? 'it is in the capture' : null;
  });
}

/** Over the palette, as somebody without a mouse would; what a busy machine did not take is typed again. */
async function sendTyped(window: string, display: Display, outside: OutsideNode): Promise<string> {
  const text = `typed-${process.pid}`;
  for (let attempt = 1; ; attempt += 1) {
    await display.focus(window);
    await display.press('Escape', 'ctrl+k');
    await display.type('write a message');
    await display.press('Return', 'ctrl+a');
    await display.type(text);
    await display.press('ctrl+Return');
    try {
      await outside.hears(text, TYPED_MS);
      return `seen by a node outside, at attempt ${attempt}`;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function captureOf({ home }: Person): Promise<string> {
  const folder = join(home, 'data', 'capture');
  const names = await readdir(folder).catch(() => []);
  const texts = names
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => readFile(join(folder, name), 'utf8'));
  return (await Promise.all(texts)).join('');
}

/** Process ids of the application's group. */
async function groupOf(app: App): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const members: number[] = [];
  for (const id of ids) {
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
    // After the name in parentheses: state, parent, group.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(group) === app.child.pid && state !== 'Z') members.push(id);
  }
  return members;
}

/** Of the page's process: seccomp's filter and a namespace of its own. @throws where it is not as it should be */
async function sandboxOf(app: App, { sandboxed }: Person): Promise<string> {
  const own = await readlink('/proc/self/ns/user');
  for (const id of await groupOf(app)) {
    const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes('--type=renderer')) continue;
    const status = await readFile(`/proc/${id}/status`, 'utf8');
    const filtered = /^Seccomp:\s*2/m.test(status);
    const apart = (await readlink(`/proc/${id}/ns/user`).catch(() => own)) !== own;
    if ((filtered && apart) !== sandboxed)
      throw new Error(`seccomp ${filtered ? 'on' : 'off'}, user namespace ${apart ? 'its own' : 'shared'}`);
    return sandboxed ? 'seccomp on, user namespace of its own' : 'none: --no-sandbox was given';
  }
  throw new Error('there is no process of a page');
}

/** The profile's library, loaded from the artifact. */
async function libraryInUse(
  { resources }: OpenArtifact,
  { labels, profile }: BuildFile,
  app: App,
): Promise<string> {
  if (labels.includes('without-library')) return 'none in it';
  const name = profile === 'nwaku' ? 'libwaku.so' : 'libgowaku.so';
  for (const id of await groupOf(app)) {
    const maps = await readFile(`/proc/${id}/maps`, 'utf8').catch(() => '');
    const line = maps.split('\n').find((one) => one.endsWith(`/resources/${name}`));
    if (line !== undefined) return `${name} of the package is in use`;
  }
  await access(join(resources, name));
  throw new Error(`${basename(name)} is in the package, and no process has loaded it`);
}

async function end(app: App): Promise<string> {
  const startMs = Date.now();
  app.killGroup('SIGTERM');
  // An AppImage's own head ends at once; what it has started is what counts.
  for (let left = await groupOf(app); left.length > 0; left = await groupOf(app)) {
    if (Date.now() - startMs > STEP_MS) throw new Error(`${left.length} processes are left`);
    await delay(LOOK_MS);
  }
  return `${secondsSince(startMs)} s after SIGTERM, nothing left`;
}
