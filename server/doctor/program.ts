/** The program and what it runs on. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { promisify } from 'node:util';
import type { Finding } from '../../core/operations/doctor-values.ts';
import { bridgeFile, isCheckout } from '../../native/library/own-folders.ts';
import { systemName, thisMachine } from '../../native/probe/fit.ts';
import { probeBridge } from '../../native/probe/probe.ts';
import { bad, good, notice } from './finding.ts';

const OLDEST_NODE: readonly [major: number, minor: number] = [20, 20];
/** Each connection of a node is one descriptor, and it may have 150 of them; captures and libraries come on top. */
const ENOUGH_DESCRIPTORS = 1_024;

export function programFinding(version: string): Finding {
  return good('program', 'Waku Desk', `Version ${version}${isCheckout() ? ', from a checkout' : ''}.`, {
    details: { version, isCheckout: isCheckout() },
  });
}

export async function systemFinding(): Promise<Finding> {
  const machine = await thisMachine();
  const glibc = machine.glibc === null ? '' : `, glibc ${machine.glibc}`;
  return good('system', 'System', `${systemName(machine)}, kernel ${release()}${glibc}.`, {
    details: { ...machine, kernel: release() },
  });
}

export function nodeFinding(
  versions: Readonly<Record<string, string | undefined>> = process.versions,
): Finding {
  const { node = '', electron } = versions;
  const details = { node, ...(electron !== undefined && { electron }) };
  // Electron brings its own, which the app was built and tested with.
  if (electron !== undefined)
    return good('node', 'Electron', `Electron ${electron} with Node ${node}.`, { details });
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isNew) return good('node', 'Node', `Node ${node}.`, { details });
  return bad('node', 'Node', `Node ${node} is too old: ${OLDEST_NODE.join('.')} or newer is needed.`, {
    hint: 'Install a newer Node from https://nodejs.org or with your package manager.',
    details,
  });
}

export async function descriptorFinding(): Promise<Finding | null> {
  if (process.platform === 'win32') return null;
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n']);
  const limit = Number(stdout);
  const details = { limit: Number.isNaN(limit) ? 'unlimited' : limit };
  const subject = 'Open files';
  if (!(limit < ENOUGH_DESCRIPTORS))
    return good(
      'descriptors',
      subject,
      `A process may have ${String(details.limit)} files and connections.`,
      { details },
    );
  return notice('descriptors', subject, `A process may have only ${limit} files and connections.`, {
    hint: `Raise it before many connections or simulations: ulimit -n ${4 * ENOUGH_DESCRIPTORS}.`,
    details,
  });
}

/** koffi and the bridge: without them no library can be used. */
export async function bridgeFinding(signal?: AbortSignal): Promise<Finding> {
  const path = bridgeFile();
  const subject = 'Native bridge';
  const details = { path };
  if (!existsSync(path))
    return notice('bridge', subject, 'The bridge library is not here, so only the engine js can run.', {
      hint: isCheckout()
        ? "Install a C compiler (Debian: apt install gcc libc6-dev; macOS: xcode-select --install), then 'npm run native:bridge'."
        : 'This package was made without a bridge for this system: use one that has it, or a checkout with a C compiler.',
      details,
    });
  const error = await probeBridge(signal === undefined ? {} : { signal });
  if (error === null)
    return good('bridge', subject, 'koffi and the bridge library can be loaded.', { details });
  return notice('bridge', subject, error.message, {
    hint: error.hint,
    details: { ...details, code: error.code, cause: error.cause ?? null },
  });
}
