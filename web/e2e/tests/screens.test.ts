// Every screen, and what opens over it, in both themes: no violation that axe finds.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attach, befriend, choose, has, message, open, picture, say, sees, sendFiles, Stage } from './people';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
  const [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob')]);
  await befriend(ann, bob, ['ann', 'bob']);
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
  await say(ann, 'first 你好');
  await sees(bob, 'first 你好');
  await say(bob, 'an answer with https://example.org and *bold*');
  await sees(ann, 'an answer');
  await attach(ann, { name: 'blue.png', mimeType: 'image/png', buffer: await picture(ann) });
  await sendFiles(ann);
  await bob.locator('.picture').waitFor();
  await message(bob, 'first').locator('.bubble').click({ button: 'right' });
  await bob.getByRole('menuitem', { name: 'React with 👍' }).click();
  await message(ann, 'first').locator('.reaction').waitFor();
  await has(ann, 'first', 'read');
  await Promise.all([ann.context().close(), bob.context().close()]);
});
afterAll(async () => { await stage.stop(); });

async function violations(page: Page, where: string): Promise<string[]> {
  // What moves in has its contrast when it is there.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  // "region" is about reading a page from top to bottom: a menu that opens over it stands outside.
  const found = await new AxeBuilder({ page }).disableRules(where.startsWith('menu') ? ['region'] : []).analyze();
  return found.violations.map((one) => `${where}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
}

const routes = [
  'chats', 'chat/bob%40localhost', 'chat/bob%40localhost/info', 'contacts', 'contacts/requests', 'contacts/add', 'contacts/invite', 'contacts/blocked',
  'contact/bob%40localhost', 'settings', ...['profile', 'appearance', 'notifications', 'privacy', 'devices', 'storage', 'account', 'shortcuts', 'about'].map((one) => `settings/${one}`),
];

/** What opens over a conversation, and how it is opened. */
const over: Record<string, (page: Page) => Promise<unknown>> = {
  'menu of a message': (page) => message(page, 'first').locator('.bubble').click({ button: 'right' }),
  'menu of the conversation': (page) => page.locator('.shell-main').getByRole('button', { name: 'More' }).click(),
  'menu of a row': (page) => page.locator('.chat-list [data-jid]').first().click({ button: 'right' }),
  'emoji': (page) => page.locator('.composer').getByRole('button', { name: 'Emoji' }).click(),
  'search': (page) => page.getByRole('button', { name: 'Search this chat' }).click(),
  'switcher': (page) => page.keyboard.press('Control+k'),
  'picture': (page) => page.locator('.picture button').click(),
  'correction': async (page) => { await page.focus('.composer textarea'); await page.keyboard.press('ArrowUp'); },
  'files before sending': (page) => attach(page, { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('text') }),
};

for (const dark of [false, true]) {
  const theme = dark ? 'dark' : 'light';
  test(`screens, ${theme}`, async () => {
    const page = await stage.logIn('ann', { dark });
    const found: string[] = [];
    for (const route of routes) {
      await page.goto(`/#/${route}`);
      await page.waitForLoadState('networkidle');
      found.push(...(await violations(page, route)));
    }
    expect(found).toEqual([]);
  });

  test(`what opens over a conversation, ${theme}`, async () => {
    const page = await stage.logIn('ann', { dark });
    const found: string[] = [];
    for (const [what, opens] of Object.entries(over)) {
      await page.goto('/');
      await open(page, 'bob');
      await sees(page, 'first');
      await opens(page);
      await page.waitForLoadState('networkidle');
      found.push(...(await violations(page, what)));
    }
    expect(found).toEqual([]);
  });

  test(`before the login, ${theme}`, async () => {
    const page = await (await stage.device({ dark })).newPage();
    const found: string[] = [];
    for (const address of ['/#/login', '/#/register', '/invite/0123456789abcdef']) {
      await page.goto(address);
      await page.waitForSelector('h1');
      found.push(...(await violations(page, address)));
    }
    expect(found).toEqual([]);
  });
}

test('nothing is loaded from elsewhere, and at 320 px nothing is wider than the screen', async () => {
  const context = await stage.device({ width: 320, locale: 'zh-CN' });
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    // Uploads are named by the domain, which is this machine as well.
    if (new URL(request.url()).port !== String(stage.server.port) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
  });
  const page = await stage.logInOn(context, 'ann');
  for (const route of routes) {
    await page.goto(`/#/${route}`);
    await page.waitForLoadState('networkidle');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, route).toBeLessThanOrEqual(0);
  }
  expect(elsewhere).toEqual([]);
});

test('at 320 px everything that can be pressed or written in is on the screen', async () => {
  const page = await stage.logIn('ann', { width: 320 });
  const outside = () => page.locator('button, a, input, textarea, [role=menuitem]').filter({ visible: true }).evaluateAll((all) =>
    all.filter((one) => {
      const { left, right, width } = one.getBoundingClientRect();
      return width > 1 && (left < -1 || right > innerWidth + 1);
    }).map((one) => one.outerHTML.slice(0, 150)));
  const opened = { ...over, selection: async (at: Page) => { await choose(at, 'first', 'Select'); await at.getByText('1 selected').waitFor(); } };
  for (const [what, opens] of Object.entries(opened)) {
    if (what === 'menu of a row') continue;
    await page.goto('/');
    await open(page, 'bob');
    await sees(page, 'first');
    await opens(page);
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
    expect(await outside(), what).toEqual([]);
  }
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
