/**
 * Every view and state of scenes.ts: axe finds nothing, dark and light, wide and narrow. `npm run gallery` runs the
 * same with WAKU_DESK_GALLERY=FOLDER and puts a picture of each into that folder, with one page that shows them all.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli-process.ts';
import { useBrowser } from './browser-host.ts';
import type { DeskWindow } from './desk-window.ts';
import { WORLDS } from './scenes.ts';
import { makeWorld, type World } from './scenes/world.ts';

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 620, height: 800 } } as const;
/** The gallery has all of them; the first two show both themes and both layouts. */
const VARIANTS = [
  ['wide', 'dark'],
  ['narrow', 'light'],
  ['wide', 'light'],
  ['narrow', 'dark'],
] as const;

const { WAKU_DESK_GALLERY: gallery } = process.env;
const folder = gallery === undefined ? null : resolve(ROOT, gallery);
const shown: { name: string; about: string; files: string[] }[] = [];

beforeAll(async () => {
  if (folder !== null) await mkdir(folder, { recursive: true });
});
afterAll(async () => {
  if (folder !== null) await writeFile(join(folder, 'index.html'), galleryPage());
});

describe.each(WORLDS)('$name', ({ args, library, scenes, needs }) => {
  const { openSharedWindow } = useBrowser();
  let world: World | undefined;
  let desk: DeskWindow | undefined;
  afterAll(() => world?.end());

  it.for(scenes)('$name', { timeout: 120_000 }, async ({ name, about, show }, context) => {
    await needs?.(context);
    world ??= await makeWorld({ args, ...(library !== undefined && { library }) });
    desk ??= await openSharedWindow(world.serve.url);
    const { page } = desk;
    await page.setViewportSize(SIZES.wide);
    await show(desk, world);
    const files: string[] = [];
    for (const [size, colorScheme] of folder === null ? VARIANTS.slice(0, 2) : VARIANTS) {
      await page.setViewportSize(SIZES[size]);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      if (folder !== null) {
        files.push(`${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path: join(folder, files.at(-1) ?? '') });
      }
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      expect.soft(found, `${name}, ${size}, ${colorScheme}`).toEqual([]);
    }
    shown.push({ name, about, files });
  });
});

function galleryPage(): string {
  const parts = shown.map(
    ({ name, about, files }) =>
      `<h2 id="${name}">${name}</h2><p>${about}</p><div>${files
        .map((file) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`)
        .join('')}</div>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Waku Desk: gallery</title>
<style>body{font:14px system-ui;margin:24px;background:#888}div{display:flex;gap:12px;flex-wrap:wrap;align-items:start}
img{height:420px;box-shadow:0 1px 6px #0006}</style>
<h1>Waku Desk</h1><p>${shown.map(({ name }) => `<a href="#${name}">${name}</a>`).join(' ')}</p>
${parts.join('\n')}</html>\n`;
}
