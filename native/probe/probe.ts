/** Trying a node library in a process of its own: a library that hangs or crashes is a finding, and harms nobody. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WakuDeskError, type ErrorData } from '../../core/engine/errors.ts';
import { checkedBridgeFile } from '../library/own-folders.ts';
import { launchProbe, type ProbeProcess } from './launch.ts';
import { tellSchema, type ProbeOrder, type Stage, type ToldResult } from './protocol.ts';

/** It hung or crashed; a sentence, and the last line that it printed. */
export interface Broken {
  outcome: 'broken';
  reason: string;
  lastLine: string;
}
export type Probe = Exclude<ToldResult, { outcome: 'bridged' }> | Broken;

export interface ProbeOptions {
  signal?: AbortSignal;
  deadlineMs?: number;
  /** Another file than the bridge of this program. */
  bridge?: string;
  /** Added to what the node is created with: how a fixture is told what to do. */
  config?: Record<string, unknown>;
}

/** libwaku answers within a second; a Go library is 45 MB to load, and the machine may be busy. */
const DEADLINE_MS = 15_000;
const MAX_LINE = 300;

/** A node of a private cluster that is never started, so that it never listens and looks for nobody. */
const CONFIG = {
  clusterId: 66,
  shards: [0],
  relay: true,
  listenAddress: '127.0.0.1',
  tcpPort: 60_066,
  // Anything else asks the router.
  nat: 'extip:127.0.0.1',
  discv5Discovery: false,
  dnsDiscovery: false,
  peerExchange: false,
  rendezvous: false,
  logLevel: 'ERROR',
};

const WHILE: Record<Stage, string> = {
  begin: 'before it was loaded',
  load: 'while it was loaded',
  create: 'while it created a node (waku_new)',
  version: 'when it was asked for its version (waku_version)',
};

/** @throws WakuDeskError CANCELLED */
export async function probeLibrary(library: string, options: ProbeOptions = {}): Promise<Probe> {
  const probe = await probeIn(library, options);
  if (probe.outcome === 'bridged') throw new TypeError('the probe of a library tried none');
  return probe;
}

/** What keeps the bridge from being loaded; null: nothing. @throws WakuDeskError CANCELLED */
export async function probeBridge(options: ProbeOptions = {}): Promise<ErrorData | null> {
  const probe = await probeIn(null, options);
  switch (probe.outcome) {
    case 'untried':
      return probe.error;
    case 'broken':
      return {
        code: 'ENGINE_FAILED',
        operation: 'native.load',
        message: `The bridge library was tried: ${probe.reason}`,
        hint: "Build it again with 'npm run native:bridge', or install the package again.",
        cause: probe.lastLine,
      };
    default:
      return null;
  }
}

async function probeIn(library: string | null, options: ProbeOptions): Promise<ToldResult | Broken> {
  refuseCancelled(options.signal);
  const folder = await mkdtemp(join(tmpdir(), 'waku-desk-probe-'));
  try {
    const log = join(folder, 'node.log');
    const nodekey = randomBytes(32).toString('hex');
    const config = { ...CONFIG, nodekey, ...options.config };
    const probe = await runProcess(
      { bridge: options.bridge ?? (await checkedBridgeFile()), library, log, config },
      options,
    );
    refuseCancelled(options.signal);
    if (!('stage' in probe)) return probe;
    return {
      outcome: 'broken',
      reason: `${probe.how} ${WHILE[probe.stage]}.`,
      lastLine: await lastLineOf(log),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Died {
  stage: Stage;
  how: string;
}

async function runProcess(
  order: ProbeOrder,
  { signal, deadlineMs = DEADLINE_MS }: ProbeOptions,
): Promise<ToldResult | Died> {
  const child = launchProbe();
  const end = (): void => {
    child.kill();
  };
  const late = AbortSignal.timeout(deadlineMs);
  late.addEventListener('abort', end);
  signal?.addEventListener('abort', end);
  try {
    const outcome = await outcomeOf(child, order);
    return late.aborted && 'stage' in outcome
      ? { ...outcome, how: `It did not answer within ${deadlineMs / 1_000} s` }
      : outcome;
  } finally {
    late.removeEventListener('abort', end);
    signal?.removeEventListener('abort', end);
    end();
  }
}

/** Settles with the result, or when the process is gone. */
function outcomeOf(child: ProbeProcess, order: ProbeOrder): Promise<ToldResult | Died> {
  let stage: Stage = 'begin';
  return new Promise((resolve) => {
    child.onMessage((value) => {
      const told = tellSchema.safeParse(value);
      if (!told.success) return;
      if ('stage' in told.data) stage = told.data.stage;
      else resolve(told.data.result);
    });
    void child.ended.then((how) => {
      resolve({ stage, how });
    });
    child.post(order);
  });
}

function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new WakuDeskError('CANCELLED', 'The examination was cancelled.', {
      operation: 'native.probe',
      hint: 'Begin it again.',
    });
}

async function lastLineOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').pop()?.slice(0, MAX_LINE) ?? '';
}
