// What was said before: loaded upward, divided by days and by what is new, copied.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { choose, has, message, open, say, sees, Stage, texts } from './people';

const SAID = 160;
const DAY = 86_400_000;

let stage: Stage;
let ann: Page;
let bob: Page;
beforeAll(async () => {
  stage = await Stage.start();
  [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob', { width: 390 })]);
  await open(ann, 'bob');
  for (let n = 1; n <= SAID; n++) await say(ann, `line ${n}.`);
  await has(ann, `line ${SAID}.`, 'sent', 'delivered', 'read');
});
afterAll(async () => { await stage.stop(); });

/** Where the messages on the screen stand, by their text, from the top of the window. */
const places = (page: Page) => page.locator('.message').evaluateAll((all) =>
  Object.fromEntries(all.flatMap((one) => {
    const box = one.getBoundingClientRect();
    const text = /line \d+\./.exec((one as HTMLElement).innerText)?.[0];
    return text && box.top > 0 && box.bottom < innerHeight ? [[text, box.top]] : [];
  })));

test('history loads upward without a jump, to its beginning', async () => {
  const desk = await stage.logIn('ann');
  await open(desk, 'bob');
  await sees(desk, `line ${SAID}.`);
  const height = () => desk.locator('.timeline-scroll').evaluate((list) => list.scrollHeight);
  await desk.locator('.timeline-scroll').hover();
  let pages = 0;
  while (!(await texts(desk, /line 1\./)).length) {
    const before = await height();
    // Up to the edge: the next page is asked for here.
    await desk.locator('.timeline-scroll').evaluate((list) => { list.scrollTop = 60; });
    const seen = await places(desk);
    if (await desk.waitForFunction((was) => document.querySelector('.timeline-scroll')!.scrollHeight > was + 200, before, { timeout: 5000 })
      .then(() => true, () => false)) pages++;
    const now = await places(desk);
    const both = Object.keys(seen).filter((text) => text in now);
    if (Object.keys(seen).length) expect(both.length).toBeGreaterThan(0);
    for (const text of both) expect(Math.abs(now[text]! - seen[text]!), `${text} moved`).toBeLessThanOrEqual(2);
  }
  expect(pages).toBeGreaterThan(1);
});

test('what is new stands below a line, and reading takes the count away', async () => {
  await open(bob, 'ann');
  // Who was away for long begins where they left off.
  await sees(bob, 'line 1.');
  await bob.locator('.timeline-jump button').click();
  await sees(bob, `line ${SAID}.`);
  await bob.goto('/#/chats');
  await bob.locator('.chat-list .ui-badge').waitFor({ state: 'detached' });
  for (let n = 1; n <= 3; n++) await say(ann, `news ${n}`);
  await bob.locator('.chat-list [data-jid] .ui-badge', { hasText: '3' }).waitFor();
  await bob.locator('.chat-list [data-jid="ann@localhost"]').click();
  await sees(bob, 'news 3');
  await bob.getByRole('separator', { name: 'New messages' }).waitFor();
  const order = await bob.locator('.timeline-scroll').evaluate((list) =>
    [...list.querySelectorAll<HTMLElement>('.message, [role=separator]')]
      .map((one) => [one.getBoundingClientRect().top, /line \d+|news \d|New messages/.exec(one.innerText)?.[0]] as const)
      .sort(([a], [b]) => a - b)
      .map(([, text]) => text));
  expect(order.slice(-5)).toEqual([`line ${SAID}`, 'New messages', 'news 1', 'news 2', 'news 3']);
  await has(ann, 'news 3', 'read');
  await bob.goto('/#/chats');
  await bob.locator('.chat-list .ui-badge').waitFor({ state: 'detached' });
});

test('days stand between the messages, and say which they are', async () => {
  const desk = await stage.logIn('bob', { locale: 'zh-CN' });
  await open(desk, 'ann');
  await desk.locator('.timeline').getByText('今天').first().waitFor();
  await desk.context().clock.install({ time: Date.now() + DAY });
  await desk.reload();
  await sees(desk, 'news 3');
  await desk.locator('.timeline').getByText('昨天').first().waitFor();
});

test('one message is copied as it is, several with name and time', async () => {
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => ann.evaluate(() => navigator.clipboard.readText());
  await choose(ann, 'news 1', 'Copy');
  await ann.getByText('Copied').first().waitFor();
  expect(await copied()).toBe('news 1');
  await choose(ann, 'news 2', 'Select');
  await message(ann, 'news 3').click();
  await ann.getByText('2 selected').waitFor();
  await ann.getByRole('toolbar').getByRole('button', { name: 'Copy' }).click();
  await expect.poll(copied).toMatch(/^.+ \d\d:\d\d.*\nnews 2\n\n.+ \d\d:\d\d.*\nnews 3$/);
});

test('a screen reader is told what comes', async () => {
  await open(bob, 'ann');
  await sees(bob, 'news 3');
  await bob.evaluate(() => {
    const said: string[] = ((globalThis as { said?: string[] }).said = []);
    new MutationObserver(() => {
      for (const live of document.querySelectorAll('[aria-live=polite]')) if (live.textContent) said.push(live.textContent);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await say(ann, 'read me aloud');
  await sees(bob, 'read me aloud');
  await expect.poll(() => bob.evaluate(() => (globalThis as { said?: string[] }).said!.some((text) => text.includes('read me aloud')))).toBe(true);
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
