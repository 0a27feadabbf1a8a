/** `npm run bench`: measures what was asked for and prints it. */
import { parseCommand, type Request } from './command.ts';
import { FigureContext } from './context.ts';
import type { Context, Figure } from './figure.ts';
import { describeMachine } from './machine.ts';
import { findPeer } from './peer.ts';
import type { Row } from './row.ts';
import { formatTable } from './table.ts';

const EXIT = { done: 0, figureFailed: 1, badUse: 2, interrupted: 130 } as const;

/** Of the figure being measured. */
let current: FigureContext | null = null;
let interrupted = false;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @returns the exit code */
async function run({ figures, quick, json }: Request): Promise<number> {
  const besideFigures = figures.filter((figure) => figure.besidePeer).map(({ name }) => name);
  const peer = besideFigures.length > 0 ? await findPeer() : { missing: 'not asked for' };
  const peerName = 'path' in peer ? peer.name : peer.missing;
  const facts = (await describeMachine(peerName)).join('\n');
  (json ? say : print)(facts);

  const rows: Row[] = [];
  let code: number = EXIT.done;
  for (const figure of figures) {
    const measured = await measure(figure, peer, quick);
    if (measured === null) code = EXIT.figureFailed;
    rows.push(...(measured ?? []));
    if (json) for (const row of measured ?? []) print(JSON.stringify(row));
  }
  const missing =
    'missing' in peer && besideFigures.length > 0
      ? [`Nothing stands beside ${besideFigures.join(', ')}: ${peer.missing}`]
      : [];
  if (json) missing.forEach(say);
  else print(['', formatTable(rows), '', ...missing, ...figures.map(explain)].join('\n'));
  return code;
}

/** @returns null when the figure failed, which is said */
async function measure(figure: Figure, peer: Context['peer'], quick: boolean): Promise<Row[] | null> {
  const context = await FigureContext.begin(peer, (text) => {
    say(`${figure.name}: ${text}`);
  });
  current = context;
  try {
    return await figure.measure(context, quick);
  } catch (error) {
    if (!interrupted) say(`error: ${figure.name}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    await context.end();
  }
}

function explain({ name, how }: Figure): string {
  return `${name}: ${how.replaceAll('\n', ' ')}\n`;
}

function end(): void {
  interrupted = true;
  const ended = current?.end() ?? Promise.resolve();
  void ended.finally(() => process.exit(EXIT.interrupted));
}

function parse(): Request | null | 'badUse' {
  try {
    return parseCommand(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 'badUse';
  }
}

const request = parse();
if (request === 'badUse') process.exitCode = EXIT.badUse;
else if (request !== null) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  process.exitCode = await run(request);
}
