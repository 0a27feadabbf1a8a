/** The addresses of the web host, for its page and its server. */
export const SESSION_PATH = '/session';
export const SOCKET_PATH = '/socket';
/** Followed by a download's ticket. */
export const DOWNLOADS_PATH = '/downloads/';
/** The page's address ends in `#token=…`. */
export const TOKEN_KEY = 'token';
