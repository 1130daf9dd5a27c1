// The network goes, the tab is killed, two tabs are open: nothing is lost or doubled.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { has, open, say, sees, Stage, texts, waiting } from './people';

let stage: Stage;
beforeAll(async () => { stage = await Stage.start(); });
afterAll(async () => { await stage.stop(); });

test('without a network the app opens, is read, and queues; with it everything goes out once', async () => {
  const [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob')]);
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
  await say(ann, 'before');
  await sees(bob, 'before');
  await ann.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ann.context().setOffline(true);
  await ann.reload();
  await sees(ann, 'before');
  for (let n = 1; n <= 3; n++) await say(ann, `queued ${n}`);
  await ann.getByText('No network').first().waitFor();
  await ann.reload();
  await sees(ann, 'queued 3');
  await ann.context().setOffline(false);
  await sees(bob, 'queued 3');
  await has(ann, 'queued 3', 'sent', 'delivered', 'read');
  const expected = ['queued 1', 'queued 2', 'queued 3'];
  expect(await texts(bob, /queued \d/)).toEqual(expected);
  expect(await texts(ann, /queued \d/)).toEqual(expected);
});

test('a phone tells of the lost network above an open conversation too', async () => {
  const page = await stage.register('kim', { width: 390 });
  await open(page, 'ann');
  const told = page.locator('.shell-main').getByText('No network');
  await page.context().setOffline(true);
  await told.waitFor();
  await page.context().setOffline(false);
  await told.waitFor({ state: 'detached' });
});

test('when the network is back the session goes on without a reload', async () => {
  const [ida, jan] = await Promise.all([stage.register('ida'), stage.register('jan')]);
  await Promise.all([open(ida, 'jan'), open(jan, 'ida')]);
  await say(ida, 'before');
  await sees(jan, 'before');
  for (let n = 1; n <= 2; n++) {
    await ida.context().setOffline(true);
    await say(ida, `went ${n}`);
    await ida.locator('.message', { hasText: `went ${n}` }).waitFor();
    await say(jan, `came ${n}`);
    await ida.context().setOffline(false);
    await sees(jan, `went ${n}`);
    await sees(ida, `came ${n}`);
  }
  const all = (page: Page) => texts(page, /(went|came) \d/).then((list) => list.sort());
  expect(await all(ida)).toEqual(['came 1', 'came 2', 'went 1', 'went 2']);
  expect(await all(jan)).toEqual(['came 1', 'came 2', 'went 1', 'went 2']);
});

test('a tab that is killed while it sends leaves nothing unsent', async () => {
  const [cleo, dan] = await Promise.all([stage.register('cleo'), stage.register('dan')]);
  await Promise.all([open(cleo, 'dan'), open(dan, 'cleo')]);
  await say(cleo, 'part 0');
  await sees(dan, 'part 0');
  await stage.server.kill();
  for (let n = 1; n <= 4; n++) await say(cleo, `part ${n}`);
  await cleo.locator('.message', { hasText: 'part 4' }).waitFor();
  expect(await waiting(cleo)).toBe(4);
  const context = cleo.context();
  await cleo.close({ runBeforeUnload: false });
  await stage.server.up();
  const again = await context.newPage();
  await open(again, 'dan');
  await sees(dan, 'part 4');
  await has(again, 'part 4', 'sent', 'delivered', 'read');
  const expected = [0, 1, 2, 3, 4].map((n) => `part ${n}`);
  expect(await texts(dan, /part \d/)).toEqual(expected);
  expect(await texts(again, /part \d/)).toEqual(expected);
  await expect.poll(() => waiting(again)).toBe(0);
});

test('two tabs of one person show the same, also after the first is closed', async () => {
  const [eve, fred] = await Promise.all([stage.register('eve'), stage.register('fred')]);
  const second = await eve.context().newPage();
  await Promise.all([open(eve, 'fred'), open(second, 'fred'), open(fred, 'eve')]);
  await say(eve, 'from the first tab');
  await sees(second, 'from the first tab');
  await say(second, 'from the second tab');
  await sees(eve, 'from the second tab');
  await sees(fred, 'from the second tab');
  await eve.close();
  await say(fred, 'still there?');
  await sees(second, 'still there?');
  await say(second, 'yes');
  await sees(fred, 'yes');
  expect(await second.locator('.message').count()).toBe(4);
  expect(await fred.locator('.message').count()).toBe(4);
});

test('who looks elsewhere sees the number of unread messages in the title and the list', async () => {
  const [gus, hope] = await Promise.all([stage.register('gus'), stage.register('hope')]);
  await open(gus, 'hope');
  await hope.goto('/#/settings');
  await say(gus, 'one');
  await say(gus, 'two');
  await hope.waitForFunction(() => document.title.startsWith('(2) '));
  await hope.goto('/#/chats');
  const row = hope.locator('.chat-list [data-jid="gus@localhost"]');
  await row.waitFor();
  expect(await row.locator('.ui-badge').innerText()).toContain('2');
  expect(await row.innerText()).toContain('two');
  await row.click();
  await sees(hope, 'one');
  await hope.locator('.message-unread').waitFor();
  await hope.waitForFunction(() => !document.title.startsWith('('));
  await has(gus, 'two', 'read');
});

test('it can be installed', async () => {
  const page = await (await stage.device()).newPage();
  await page.goto('/');
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]');
    return link ? ((await (await fetch(link.href)).json()) as { name?: string; display?: string; icons?: { sizes: string; src: string }[] }) : null;
  });
  expect(manifest?.name).toBeTruthy();
  expect(manifest?.display).toBe('standalone');
  expect(manifest?.icons?.map((icon) => icon.sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
  for (const icon of manifest?.icons ?? []) expect(await page.evaluate((src) => fetch(src).then((answer) => answer.ok), icon.src)).toBe(true);
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
