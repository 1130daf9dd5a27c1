// Pictures, files and videos between two people.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { attach, downloaded, has, message, open, picture, sees, sendFiles, Stage } from './people';

let stage: Stage;
let ann: Page;
let bob: Page;
beforeAll(async () => {
  stage = await Stage.start('[features.uploads]\nfile_mib = 2\n');
  [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob', { width: 390 })]);
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
});
afterAll(async () => { await stage.stop(); });

/** A picture as a camera makes it: with a place in its EXIF data. */
async function photo(page: Page, colour: string): Promise<Buffer> {
  const jpeg = await picture(page, { width: 800, height: 600, colour, type: 'image/jpeg' });
  const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\0SECRET PLACE 52.5200N 13.4050E', 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}

test('two pictures at once arrive, without the place they were taken at, and open large', async () => {
  const [red, blue] = [await photo(ann, '#c33'), await photo(ann, '#33c')];
  expect(red.includes('SECRET PLACE')).toBe(true);
  await attach(ann, { name: 'red.jpg', mimeType: 'image/jpeg', buffer: red }, { name: 'blue.jpg', mimeType: 'image/jpeg', buffer: blue });
  await ann.getByRole('dialog', { name: 'Send 2 pictures' }).waitFor();
  await sendFiles(ann);
  await bob.locator('.picture img').nth(1).waitFor();
  const sources = await bob.locator('.picture img').evaluateAll((all) => all.map((one) => (one as HTMLImageElement).src));
  expect(new Set(sources).size).toBe(2);
  await bob.locator('.picture button').first().click();
  const viewer = bob.locator('dialog.viewer');
  await viewer.locator('img').waitFor();
  await bob.waitForFunction(() => document.querySelector<HTMLImageElement>('dialog.viewer img')?.naturalWidth === 800);
  const original = await viewer.locator('img').getAttribute('src');
  const sent = await bob.evaluate(async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())], original!);
  expect(Buffer.from(sent).includes('SECRET PLACE')).toBe(false);
  await viewer.getByText('1 / 2').waitFor();
  await bob.keyboard.press('ArrowRight');
  await viewer.getByText('2 / 2').waitFor();
  await bob.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
});

test('a file keeps its name and bytes, with the caption that was written', async () => {
  const text = Buffer.from('合同 – contract\n'.repeat(1000));
  await ann.fill('.composer textarea', '请看合同');
  await attach(ann, { name: '合同 2026.txt', mimeType: 'text/plain', buffer: text });
  await sendFiles(ann);
  await sees(bob, '请看合同');
  const link = message(bob, '请看合同').locator('a[download]');
  expect(await link.getAttribute('download')).toBe('合同 2026.txt');
  const { name, bytes } = await downloaded(bob, link);
  expect(name).toBe('合同 2026.txt');
  expect(bytes.equals(text)).toBe(true);
  expect(await ann.inputValue('.composer textarea')).toBe('');
});

test('what is too large or empty says so before anything is sent', async () => {
  const before = await ann.locator('.message').count();
  await attach(ann, { name: 'film.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(3 << 20, 1) },
    { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  const dialog = ann.getByRole('dialog');
  await dialog.getByText('Too large: the server takes up to').waitFor();
  await dialog.getByText('Empty, or a folder').waitFor();
  expect(await dialog.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  await ann.keyboard.press('Escape');
  expect(await ann.locator('.message').count()).toBe(before);
});

test('a video plays where it stands', async () => {
  const film = await ann.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [160, 120];
    const pen = canvas.getContext('2d')!;
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let n = 0; n < 10; n++) {
      pen.fillStyle = n % 2 ? '#3a3' : '#a3a';
      pen.fillRect(0, 0, 160, 120);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await attach(ann, { name: 'clip.webm', mimeType: 'video/webm', buffer: Buffer.from(film) });
  await sendFiles(ann);
  await bob.locator('video').waitFor();
  await bob.locator('video').evaluate((video: HTMLVideoElement) => {
    video.muted = true;
    return video.play();
  });
  await bob.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
});

test('a picture that is pasted and one that is dropped are sent', async () => {
  for (const kind of ['paste', 'drop'] as const) {
    const before = await bob.locator('.picture').count();
    await ann.evaluate(async (how) => {
      const canvas = new OffscreenCanvas(200, 100);
      canvas.getContext('2d')!.fillRect(0, 0, 200, 100);
      const data = new DataTransfer();
      data.items.add(new File([await canvas.convertToBlob()], `${how}.png`, { type: 'image/png' }));
      const field = document.querySelector('.composer textarea')!;
      const init = { bubbles: true, cancelable: true };
      if (how === 'paste') field.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }));
      else for (const type of ['dragenter', 'dragover', 'drop']) field.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: data }));
    }, kind);
    await sendFiles(ann);
    await bob.locator('.picture').nth(before).waitFor();
  }
});

test('a picture chosen without a network goes out when it is back', async () => {
  const before = await bob.locator('.picture').count();
  const green = await photo(ann, '#0a0');
  await ann.context().setOffline(true);
  await attach(ann, { name: 'green.jpg', mimeType: 'image/jpeg', buffer: green });
  await sendFiles(ann);
  await ann.locator('.picture').nth(before).waitFor();
  await ann.context().setOffline(false);
  await bob.locator('.picture').nth(before).waitFor();
  await has(ann, '', 'sent', 'delivered', 'read');
});

test('a picture is made smaller before it goes', async () => {
  // Noise does not compress: as PNG this has more bytes than the server takes.
  const noise = await ann.evaluate(async () => {
    const canvas = new OffscreenCanvas(3200, 2400);
    const pen = canvas.getContext('2d')!;
    const pixels = pen.createImageData(3200, 2400);
    for (let at = 0; at < pixels.data.length; at += 65_536) crypto.getRandomValues(pixels.data.subarray(at, at + 65_536));
    for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255;
    pen.putImageData(pixels, 0, 0);
    pen.filter = 'blur(4px)';
    pen.drawImage(canvas, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(text);
  }).then((text) => Buffer.from(text, 'base64'));
  expect(noise.length).toBeGreaterThan(2 << 20);
  await ann.fill('.composer textarea', 'in all its size');
  await attach(ann, { name: 'large.png', mimeType: 'image/png', buffer: noise });
  await sendFiles(ann);
  await sees(bob, 'in all its size');
  await message(bob, 'in all its size').locator('.picture button').click();
  const viewer = bob.locator('dialog.viewer');
  await bob.waitForFunction(() => (document.querySelector<HTMLImageElement>('dialog.viewer img')?.naturalWidth ?? 0) > 1000);
  const [width, height, size] = await viewer.locator('img').evaluate(async (img: HTMLImageElement) =>
    [img.naturalWidth, img.naturalHeight, (await (await fetch(img.src)).blob()).size]);
  expect([width, height]).toEqual([2560, 1920]);
  expect(size).toBeLessThan(2 << 20);
  await bob.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
});

test('an upload shows how far it is, and is cancelled in place', async () => {
  const line = await ann.context().newCDPSession(ann);
  const speed = (uploadThroughput: number) =>
    line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await line.send('Network.enable');
  await speed(100_000);
  const slow = { name: 'slow.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(1_900_000, 7) };
  await attach(ann, slow);
  await sendFiles(ann);
  const ring = message(ann, 'slow.bin').getByRole('button', { name: /Cancel upload, ([1-9]|\d\d)%/ });
  await ring.waitFor();
  await ring.click();
  await ann.locator('.message', { hasText: 'slow.bin' }).waitFor({ state: 'detached' });
  await speed(-1);
  await attach(ann, { ...slow, name: 'after.bin' });
  await sendFiles(ann);
  await sees(bob, 'after.bin');
  expect(await bob.locator('.message', { hasText: 'slow.bin' }).count()).toBe(0);
  await line.detach();
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
