/** Which addresses the system's browser is asked to open: https, and hosts that this program names itself. */

const HOSTS: ReadonlySet<string> = new Set(['github.com', 'docs.waku.org']);

export function mayOpen(address: string): boolean {
  try {
    const { protocol, hostname, port, username, password } = new URL(address);
    return protocol === 'https:' && HOSTS.has(hostname) && port === '' && username === '' && password === '';
  } catch {
    return false;
  }
}
