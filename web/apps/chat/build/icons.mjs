// Draws the PNG icons from public/icons/icon.svg with Chromium: `node build/icons.mjs`. Run it after the drawing changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const folder = new URL('../public/icons/', import.meta.url);
const drawing = readFileSync(new URL('icon.svg', folder), 'utf8');
const square = drawing.replace(/ rx="16"/, '');
// Android cuts maskable icons to a circle: the drawing keeps to the inner 80 %.
const padded = square.replace(/(<rect[^>]*>)/, '$1<g transform="translate(6.4 6.4) scale(.8)">').replace('</svg>', '</g></svg>');
const bird = drawing.replace(/<rect[^>]*>/, '').replace(/#0b4560/g, 'none');

const wanted = [
  ['icon-192', drawing, 192],
  ['icon-512', drawing, 512],
  ['maskable-512', padded, 512],
  ['apple-180', square, 180],
  ['badge-96', bird, 96],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const [name, svg, size] of wanted) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<body style="margin:0">${svg.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `)}`,
  );
  writeFileSync(new URL(`${name}.png`, folder), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
