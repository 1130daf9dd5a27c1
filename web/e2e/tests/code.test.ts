// A friend is added by the QR code on the other's screen, held before the camera.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { say, sees, Stage } from './people';

let stage: Stage;
let folder: string;
/** What the camera sees, as a film of JPEG pictures. */
const film = (): string => join(folder, 'camera.mjpeg');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'magpie-camera-'));
  stage = await Stage.start('', { camera: film() });
});
afterAll(async () => {
  await stage.stop();
  await rm(folder, { recursive: true });
});

/** Holds `what` of a page before the camera. */
async function hold(page: Page, what: string): Promise<void> {
  const box = (await page.locator(what).boundingBox())!;
  const even = (n: number) => 2 * Math.floor(n / 2);
  const clip = { x: box.x - 20, y: box.y - 20, width: even(box.width + 40), height: even(box.height + 40) };
  const frame = await page.screenshot({ type: 'jpeg', quality: 90, clip });
  await writeFile(film(), Buffer.concat(Array<Buffer>(10).fill(frame)));
}

test('who holds the camera before somebody’s code becomes their contact', async () => {
  const ann = await stage.register('ann', { dark: true });
  await ann.goto('/#/contacts/invite');
  await ann.locator('.people-qr path').waitFor();
  await hold(ann, '.people-qr');
  const bob = await stage.register('bob', { width: 390, locale: 'zh-CN' });
  await bob.context().grantPermissions(['camera']);
  await bob.goto('/#/contacts/add');
  await bob.getByText('扫一扫', { exact: true }).click();
  await bob.getByText('ann 的邀请').waitFor();
  expect(await bob.getByRole('dialog').count()).toBe(0);
  await bob.getByRole('button', { name: '成为联系人' }).click();
  await bob.waitForSelector('.composer textarea');
  await say(bob, '扫到你了');
  await ann.goto('/#/chat/bob%40localhost');
  await sees(ann, '扫到你了');
  await ann.goto('/#/contacts');
  await ann.locator('.column-scroll').getByText('bob').first().waitFor();
});

test('without a camera there is a way on', async () => {
  const carl = await stage.register('carl');
  await carl.context().grantPermissions(['camera']);
  await carl.goto('/#/contacts/add');
  // No picture to see: the film is gone.
  await rm(film());
  await carl.getByText('Scan a code').click();
  await carl.getByText('The camera cannot be opened').waitFor();
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
