import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';

/**
 * Draws icon.svg as icon.png, icon.ico and icon.icns. The results are committed, so nobody else needs a browser:
 * run `node build/icon/draw.ts` after changing the drawing.
 */
const folder = import.meta.dirname;
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/lib/chromium/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ deviceScaleFactor: 1 });

async function draw(size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${svg}`);
  return page.screenshot({ omitBackground: true });
}

const pictures = new Map<number, Buffer>();
for (const size of [16, 32, 48, 128, 256, 512, 1024]) pictures.set(size, await draw(size));
await browser.close();

const picture = (size: number): Buffer => pictures.get(size) ?? Buffer.alloc(0);
writeFileSync(join(folder, 'icon.png'), picture(512));
writeFileSync(join(folder, 'icon.ico'), ico([16, 32, 48, 256]));
writeFileSync(join(folder, 'icon.icns'), icns());

/** An ICO whose entries are PNGs, as Windows reads them since Vista. */
function ico(sizes: readonly number[]): Buffer {
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  sizes.forEach((size, index) => {
    const entry = 6 + 16 * index;
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(picture(size).length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += picture(size).length;
  });
  return Buffer.concat([header, ...sizes.map(picture)]);
}

/** An ICNS of the PNG types for 128 to 1024 pixels. */
function icns(): Buffer {
  const chunks = [
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
  ] as const;
  const body = Buffer.concat(chunks.map(([type, size]) => chunk(type, picture(size))));
  return chunk('icns', body);
}

function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([header, content]);
}
