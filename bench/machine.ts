/** What the figures were measured on, and what was measured. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import { JS_ENGINE_INFO } from '../engines/js/info.ts';
import manifest from '../package.json' with { type: 'json' };

/** Of statfs(2). */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x01021994: 'tmpfs',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x794c7630: 'overlayfs',
};
/** Per core; above it other programs take part of the machine. */
const BUSY_LOAD = 0.3;

/** Lines for people. @param peer name and version, or why there is none */
export async function describeMachine(peer: string): Promise<string[]> {
  const cores = cpus();
  const memoryGiB = (totalmem() / 1024 ** 3).toFixed(1);
  return [
    `${cores[0]?.model.trim() ?? 'unknown CPU'}, ${cores.length} cores, ${memoryGiB} GiB; temp folder on ${await tempFileSystem()}`,
    `${systemName()}; Node ${process.versions.node}`,
    `waku-desk ${manifest.version} (${JS_ENGINE_INFO.version}); ${peer}`,
    loadLine(cores.length),
  ];
}

function loadLine(cores: number): string {
  const [lastMinute = 0] = loadavg();
  const busy =
    lastMinute > BUSY_LOAD * cores ? ': OTHER PROGRAMS ARE BUSY, the figures are worse for it' : '';
  return `load average of the last minute: ${lastMinute.toFixed(2)}${busy}`;
}

async function tempFileSystem(): Promise<string> {
  const { type: code } = await statfs(tmpdir());
  return FILE_SYSTEMS[code] ?? `file system 0x${code.toString(16)}`;
}

function systemName(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    if (name !== undefined) return `${name} (${type()} ${release()})`;
  } catch {
    // Not a Linux with that file.
  }
  return `${type()} ${release()}`;
}
