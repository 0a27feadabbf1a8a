/** The headers of every answer to the window, whoever serves it: the page may do no more than it needs. */

/**
 * @param connect where the page may connect to, in the words of the policy
 * @param nonce of inline scripts and styles; left out: there are none
 */
export function pageHeaders(connect: string, nonce?: string): Record<string, string> {
  const inline = nonce === undefined ? '' : ` 'nonce-${nonce}'`;
  const policy = [
    "default-src 'none'",
    `script-src 'self'${inline}`,
    `style-src 'self'${inline}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}
