/** Who starts the application: the user that runs the check, or somebody without rights, to whom Chromium gives its sandbox. */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Person {
  name: string;
  /** Before the command. */
  prefix: string[];
  /** Of the application. */
  flags: string[];
  /** A folder of their own. */
  home: string;
  sandboxed: boolean;
}

const NOBODY = 65_534;
const SET_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/**
 * The people that can start it here. As root that is root, without a sandbox, for Chromium has none then; and nobody,
 * with it, where the kernel gives sandboxes to users.
 * @param artifact has to be readable for them
 */
export async function people(
  work: string,
  artifact: string,
): Promise<{ persons: Person[]; missing: string | null }> {
  await chmod(work, 0o755);
  const isRoot = process.getuid?.() === 0;
  const prefix = isRoot ? SET_NOBODY : [];
  const why = await obstacle(prefix, artifact);
  const name = isRoot ? 'nobody' : 'user';
  const sandboxed = why === null ? [await person(work, { name, prefix, flags: [], sandboxed: true })] : [];
  const own = isRoot || why !== null;
  const plain = {
    name: isRoot ? 'root' : 'user without a sandbox',
    prefix: [],
    flags: ['--no-sandbox'],
    sandboxed: false,
  };
  return { persons: [...sandboxed, ...(own ? [await person(work, plain)] : [])], missing: why };
}

async function obstacle(prefix: readonly string[], artifact: string): Promise<string | null> {
  const can = async (...args: string[]): Promise<boolean> => {
    const [command = '', ...rest] = [...prefix, ...args];
    return run(command, rest).then(
      () => true,
      () => false,
    );
  };
  if (!(await can('unshare', '-Ur', 'true')))
    return 'this kernel gives users no namespaces, so Chromium has no sandbox';
  if (!(await can('test', '-r', artifact))) return `the user nobody cannot read ${artifact}`;
  return null;
}

async function person(work: string, facts: Omit<Person, 'home'>): Promise<Person> {
  const home = join(work, `home-${facts.name.replaceAll(' ', '-')}`);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (facts.prefix.length > 0) await chown(home, NOBODY, NOBODY);
  return { ...facts, home };
}
