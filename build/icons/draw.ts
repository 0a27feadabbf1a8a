/** `node build/icons/draw.ts`: every icon from icon.svg, with the browser that is installed. Its results are committed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../../e2e/window/chromium.ts';
import { icnsOf, icoOf, type Picture } from './icon-files.ts';

const folder = import.meta.dirname;
const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];

const svg = await readFile(join(folder, 'icon.svg'), 'utf8');
const browser = await launchBrowser();
const pictures: Picture[] = [];
try {
  for (const size of SIZES) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px}</style>${svg}`);
    pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
    await page.close();
  }
} finally {
  await browser.close();
}
await mkdir(join(folder, 'linux'), { recursive: true });
for (const { size, png } of pictures)
  if (size <= 512) await writeFile(join(folder, 'linux', `${size}x${size}.png`), png);
await writeFile(join(folder, 'icon.icns'), icnsOf(pictures));
await writeFile(join(folder, 'icon.ico'), icoOf(pictures));
