/** The profile `mobile`: the contract and core/waku in a browser, without Node and Electron. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, JSHandle, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { buildMobile } from '../../build/mobile.mjs';
import type * as Mobile from '../../core/mobile.ts';
import autosharding from '../../core/waku/vectors/autosharding.json' with { type: 'json' };
import hashes from '../../core/waku/vectors/message-hash.json' with { type: 'json' };
import topics from '../../core/waku/vectors/topics.json' with { type: 'json' };
import wire from '../../core/waku/vectors/wire.json' with { type: 'json' };
import { chromiumPath, launchBrowser, NO_BROWSER } from '../window/chromium.ts';
import { checkVectors } from './check-vectors.ts';

const MODULE = '/waku-desk-mobile.js';
const vectors = { autosharding, hashes, topics, wire };

let bundle: Awaited<ReturnType<typeof buildMobile>>;
let server: Server;
let browser: Browser | null = null;
let page: Page | null = null;
/** The module, in the page. */
let mobile: JSHandle<typeof Mobile>;

beforeAll(async () => {
  bundle = await buildMobile();
  const script = await readFile(bundle.path);
  server = createServer((request, response) => {
    const isModule = request.url === MODULE;
    response.writeHead(200, {
      'content-type': isModule ? 'text/javascript' : 'text/html',
      // As strict as an app can be: nothing but the module runs.
      'content-security-policy': "default-src 'none'; script-src 'self'",
    });
    response.end(isModule ? script : '<!doctype html><title>mobile</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  if (chromiumPath() === null) return;
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  // As text: the test runner has an import of its own.
  mobile = await page.evaluateHandle(`import('${MODULE}')`);
});
afterAll(async () => {
  await browser?.close();
  server.close();
});

function needPage(context: TestContext): Page {
  return page ?? context.skip(NO_BROWSER);
}

describe('the profile mobile', () => {
  it('is made of the contract, core/waku and three libraries, and stays small', () => {
    const rooms = new Set(
      bundle.inputs.map((path) => /^(core\/\w+|node_modules\/(@\w+\/)?\w+)/.exec(path)?.[0]),
    );
    expect([...rooms].sort()).toEqual([
      'core/engine',
      'core/mobile',
      'core/waku',
      'node_modules/@bufbuild/protobuf',
      'node_modules/@noble/hashes',
      'node_modules/zod',
    ]);
    expect(bundle.gzipBytes).toBeLessThan(160 * 1024);
  });

  it('passes every vector in Chromium', async (context) => {
    const outcomes = await needPage(context).evaluate(checkVectors, { mobile, vectors });
    expect(outcomes.map(({ name, actual }) => `${name}: ${actual}`)).toEqual(
      outcomes.map(({ name, expected }) => `${name}: ${expected}`),
    );
    const { contentTopic, pubsubTopic } = topics;
    expect(outcomes).toHaveLength(
      hashes.cases.length +
        autosharding.cases.length +
        contentTopic.valid.length +
        contentTopic.invalid.length +
        2 * pubsubTopic.valid.length +
        pubsubTopic.invalid.length +
        2 * wire.cases.length,
    );
  });

  it('carries the contract: configuration, rules, errors', async (context) => {
    const answers = await needPage(context).evaluate((mobile) => {
      let code = '';
      try {
        mobile.parseNodeConfig({ clusterId: -1 });
      } catch (error) {
        code = error instanceof mobile.WakuDeskError ? error.code : 'another error';
      }
      const empty = mobile.createMessage({ contentTopic: '/a/1/b/c' });
      return {
        code,
        shards: mobile.parseNodeConfig({}).shards,
        engines: mobile.PROFILES.mobile.engines,
        received: mobile.checkReceived(empty, { maxMessageBytes: 1_000 }),
        globals: ['process', 'Buffer', 'require'].filter((name) => name in globalThis),
      };
    }, mobile);
    expect(answers).toMatchObject({
      code: 'CONFIG_INVALID',
      shards: [32],
      engines: ['go-waku'],
      received: { ok: false, code: 'PAYLOAD_EMPTY' },
      globals: [],
    });
  });
});
