// What a person waits for, against the budgets: `make budgets` on a machine that does nothing else. Prints each figure; not
// part of `make test`, since figures of a busy machine say nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createClient, type Client } from '../../packages/client/src/index';
import { MemoryStorage } from '../../packages/client/src/storage/memory';
import { has, open, PASSWORD, say, sees, Stage } from '../tests/people';

const CONVERSATIONS = 2000;
const MESSAGES = 10_000;
/** Bytes of scripts before the first message; milliseconds: a list from the cache, live after a reload, usable after the network came back. */
const BUDGET = { scripts: 150 * 1024, list: 300, live: 1000, back: 1000 };
/** Of the frames of a scroll, how many may come later than two ticks of 60 Hz. */
const LATE = 0.02;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
  const names = Array.from({ length: CONVERSATIONS }, (_, n) => `user${n}`);
  await Promise.all([0, 1, 2, 3].map(async (part) => {
    for (const name of names.filter((_, n) => n % 4 === part)) await stage.server.account(name, PASSWORD);
  }));
  const hub = await createClient({ domain: 'localhost', websocket: stage.server.websocket, storage: new MemoryStorage() });
  await hub.connection.register({ user: 'hub', password: PASSWORD });
  await online(hub);
  for (const name of names) await hub.messages.send(`${name}@localhost`, { body: `你好 ${name}` });
  for (let n = 1; n <= MESSAGES; n++) {
    await hub.messages.send('user0@localhost', { body: `${n}: 第 ${n} 条消息, and some words of ${'various '.repeat(n % 17)}length` });
  }
  while (hub.messages.waiting.get() > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await hub.close();
});
afterAll(async () => { await stage.stop(); });

async function online(client: Client): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = client.connection.state.subscribe((now) => {
      if (now.status !== 'online' || now.syncing) return;
      stop();
      resolve();
    });
  });
}

/** Scrolls with the wheel over `where` for three seconds; milliseconds between frames. */
async function frames(page: Page, where: string, by: number): Promise<number[]> {
  await page.locator(where).hover();
  await page.evaluate(() => {
    const times: number[] = [];
    const tick = (now: number): void => {
      times.push(now);
      if (times[0]! + 3000 > now) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(window, { times });
  });
  const until = Date.now() + 3000;
  while (Date.now() < until) await page.mouse.wheel(0, by);
  const times = await page.evaluate(() => (window as unknown as { times: number[] }).times);
  return times.slice(1).map((time, n) => time - times[n]!);
}

function judge(what: string, gaps: number[]): void {
  const sorted = gaps.toSorted((a, b) => a - b);
  const late = gaps.filter((gap) => gap > 34).length / gaps.length;
  const rate = 1000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  console.log(`${what}: ${rate.toFixed(1)} frames/s, ${at(0.5)} ms p50, ${at(0.99)} ms p99, ${(100 * late).toFixed(1)} % later than 34 ms`);
  expect(late).toBeLessThanOrEqual(LATE);
}

let page: Page;

test('the scripts that a new device loads before its first message', async () => {
  const context = await stage.device();
  const scripts = new Set<string>();
  context.on('request', (request) => { if (request.resourceType() === 'script') scripts.add(request.url()); });
  const device = await stage.logInOn(context, 'user1');
  await open(device, 'user2');
  await say(device, 'the first');
  await has(device, 'the first', 'sent', 'delivered', 'read');
  const sizes = await Promise.all([...scripts].map(async (url) => Number((await fetch(url, { headers: { 'accept-encoding': 'gzip' } })).headers.get('content-length'))));
  const sum = sizes.reduce((all, one) => all + one, 0);
  console.log(`scripts before the first message: ${sum} bytes gzipped in ${sizes.length} files`);
  expect(sum).toBeGreaterThan(50_000);
  expect(sum).toBeLessThan(BUDGET.scripts);
  await context.close();
});

test(`a list of ${CONVERSATIONS} conversations scrolls`, async () => {
  page = await stage.logIn('hub');
  await page.waitForSelector('.chat-list [data-jid]');
  await page.waitForFunction((count) => document.querySelector('.chat-list')!.scrollHeight > count * 40, CONVERSATIONS);
  judge('list, down', await frames(page, '.chat-list', 300));
  judge('list, up', await frames(page, '.chat-list', -300));
});

test(`a conversation of ${MESSAGES} messages scrolls`, async () => {
  await open(page, 'user0');
  await sees(page, `${MESSAGES}: 第`);
  judge('conversation, up, history loading', await frames(page, '.timeline-scroll', -300));
  await page.waitForLoadState('networkidle');
  judge('conversation, down', await frames(page, '.timeline-scroll', 300));
  judge('conversation, up', await frames(page, '.timeline-scroll', -300));
});

test('a reload shows the list from the cache and is live', async () => {
  await page.goto('/#/chats');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (!document.querySelector('.chat-list [data-jid]')) return;
      seen.disconnect();
      requestAnimationFrame(() => Object.assign(window, { listAt: performance.now() }));
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  const [lists, lives]: [number[], number[]] = [[], []];
  for (let n = 0; n < 5; n++) {
    let live: number | undefined;
    page.once('websocket', (socket) => socket.on('framereceived', ({ payload }) => {
      if (String(payload).startsWith('<success')) live ??= Date.now();
    }));
    await page.reload();
    await page.waitForFunction(() => 'listAt' in window);
    const [list, began] = await page.evaluate(() => [(window as unknown as { listAt: number }).listAt, performance.timeOrigin] as const);
    await expect.poll(() => live).toBeDefined();
    lists.push(list);
    lives.push(live! - began);
  }
  const median = (list: number[]) => list.toSorted((a, b) => a - b)[2]!;
  console.log(`reload: list after ${lists.map(Math.round).join(', ')} ms; logged in after ${lives.map(Math.round).join(', ')} ms`);
  expect(median(lists)).toBeLessThan(BUDGET.list);
  expect(median(lives)).toBeLessThan(BUDGET.live);
});

test('after the network came back a message arrives', async () => {
  const other = await stage.logIn('user0');
  await Promise.all([open(page, 'user0'), open(other, 'hub')]);
  await say(page, 'are you there?');
  await sees(other, 'are you there?');
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    await page.context().setOffline(true);
    await say(page, `written offline ${n}`);
    await page.context().setOffline(false);
    const back = Date.now();
    await sees(other, `written offline ${n}`);
    times.push(Date.now() - back);
  }
  console.log(`network back: seen by the other after ${times.join(', ')} ms`);
  expect(Math.max(...times)).toBeLessThan(BUDGET.back);
});
