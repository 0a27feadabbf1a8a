/** Whether this kernel can lose packets: only its netem does, so it is asked, in a network that nobody else is in. */
import { spawnSync } from 'node:child_process';
import { WakuDeskError } from '../../core/engine/errors.ts';

const PROBE = ['--net', '--map-root-user', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'loss', '10%'];
const PROBE_MS = 10_000;

/** Why there is no netem, in the words of who knows; null: there is one. */
export function netemMissing(): string | null {
  if (process.platform !== 'linux') return 'netem is a part of Linux';
  const { status, stderr, error } = spawnSync('unshare', PROBE, { encoding: 'utf8', timeout: PROBE_MS });
  if (error !== undefined) return error.message;
  if (status === 0) return null;
  return stderr.trim().replace(/\s*\n\s*/g, '; ') || `tc ends with ${String(status)}`;
}

/** @throws WakuDeskError FAULT_UNAVAILABLE, always: why links lose nothing here */
export function refuseLoss(missing = netemMissing()): never {
  throw new WakuDeskError(
    'FAULT_UNAVAILABLE',
    missing === null
      ? 'This kernel has netem, but links here are proxies of TCP streams, which lose nothing.'
      : `Lost packets need netem in the kernel, and there is none here: ${missing}`,
    {
      operation: 'sim.links',
      hint: 'Take the fault "slow" with jitter, "narrow" or "cut" instead: none of them loses anything.',
      cause: missing ?? undefined,
    },
  );
}
