import { describe, expect, it } from 'vitest';
import { PAGE_ADDRESS, pagePath } from './page-address.ts';
import { mayOpen } from './security/external-links.ts';

describe('an address of our page', () => {
  it('has a path', () => {
    expect(pagePath(PAGE_ADDRESS)).toBe('/');
    expect(pagePath('waku-desk://app/assets/index.js?x#y')).toBe('/assets/index.js');
  });

  it.each([
    'waku-desk://other/',
    'waku-desk://app.evil/',
    'waku-desk://app:1/',
    'waku-desk://user@app/',
    'waku-desk://app@evil/',
    'https://app/',
    'file:///etc/passwd',
    'about:blank',
    'data:text/html,x',
    'no address',
    '',
  ])('is not %s', (address) => {
    expect(pagePath(address)).toBeNull();
  });
});

describe('a link', () => {
  it('to a host of the list goes to the browser', () => {
    expect(mayOpen('https://github.com/waku-org/nwaku/releases')).toBe(true);
  });

  it.each([
    'http://github.com/',
    'https://github.com.evil.example/',
    'https://evil.example/github.com',
    'https://github.com:8443/',
    'https://user@github.com/',
    'https://github.com@evil.example/',
    'file:///etc/passwd',
    'smb://github.com/share',
    'javascript:alert(1)',
    'vscode://x',
    '',
  ])('is not opened: %s', (address) => {
    expect(mayOpen(address)).toBe(false);
  });
});
