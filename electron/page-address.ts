/** The address of the window's page, in a scheme of our own: files have rights that a page does not need. */

export const PAGE_SCHEME = 'waku-desk';
const PAGE_HOST = 'app';
export const PAGE_ADDRESS = `${PAGE_SCHEME}://${PAGE_HOST}/`;

/** The path of an address of our page; null for every other address. */
export function pagePath(address: string): string | null {
  try {
    const { protocol, host, pathname, username, password } = new URL(address);
    const isOurs = protocol === `${PAGE_SCHEME}:` && host === PAGE_HOST && username === '' && password === '';
    return isOurs ? pathname : null;
  } catch {
    return null;
  }
}
