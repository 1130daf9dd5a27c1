// Pictures of the screens with sample data: `node dev/shots.mjs http://127.0.0.1:5399 OUT [name …]`. Both themes, both languages, 390 and 1280 px.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [base, out, ...only] = process.argv.slice(2);
const screens = {
  login: '/?scene=login#/login',
  'login-failed': '/?scene=expired#/login',
  register: '/?scene=register#/register',
  invite: '/invite/Kq3vWb7Tn2?scene=invited',
  'invite-dead': '/invite/dead?scene=invited',
  'invite-member': '/invite/Kq3vWb7Tn2?scene=member',
  branded: '/?scene=branded#/login',
  list: '/#/chats',
  empty: '/?scene=empty#/chats',
  offline: '/?scene=offline#/chats',
  'offline-chat': '/?scene=offline#/chat/wang%40localhost',
  chat: '/#/chat/wang%40localhost',
  info: '/#/chat/wang%40localhost/info',
  contacts: '/#/contacts',
  settings: '/#/settings',
  appearance: '/#/settings/appearance',
  notifications: '/#/settings/notifications',
  privacy: '/#/settings/privacy',
  devices: '/#/settings/devices',
  storage: '/#/settings/storage',
  account: '/#/settings/account',
  shortcuts: '/#/settings/shortcuts',
  about: '/#/settings/about',
  profile: '/#/settings/profile',
  card: '/#/contact/chen%40localhost',
  add: '/#/contacts/add',
  requests: '/#/contacts/requests',
  qr: '/#/contacts/invite',
  blocked: '/#/contacts/blocked',
  ...Object.fromEntries(
    ['history', 'menu', 'head-menu', 'emoji', 'search', 'picture', 'reply', 'edit', 'select', 'forward', 'files', 'recall', 'switcher', 'row-menu'].map(
      (name) => [name, name === 'row-menu' ? '/#/chats' : '/#/chat/wang%40localhost'],
    ),
  ),
};

const bubble = (page, text) => page.locator('.message', { hasText: text }).locator('.bubble').first();
const menu = async (page, text, at) => {
  await bubble(page, text).click({ button: 'right' });
  if (at === undefined) return;
  await page.getByRole('menuitem', { name: at }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
};
/** What is done on a screen before its picture is taken. */
const acts = {
  history: async (page) => {
    await page.locator('.picture').first().scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector('.picture img')?.naturalWidth > 0);
  },
  menu: (page) => menu(page, '先按这个试').then(() => page.getByRole('menu').waitFor()),
  'head-menu': (page) => page.locator('.shell-main .pane-head').getByRole('button', { name: /^(更多|More)$/ }).click(),
  emoji: (page) => page.locator('.composer').getByRole('button', { name: /^(表情|Emoji)$/ }).click(),
  search: async (page) => {
    await page.keyboard.press('Control+f');
    await page.keyboard.type('行高');
    await page.locator('mark').first().waitFor();
    await page.locator('.search-state', { hasText: '1' }).waitFor();
  },
  picture: async (page) => {
    await page.locator('.picture button').first().click();
    await page.waitForFunction(() => document.querySelector('dialog.viewer img')?.naturalWidth > 0);
  },
  reply: (page) => menu(page, '对了', /^(回复|Reply)$/),
  edit: async (page) => {
    await page.focus('.composer textarea');
    await page.keyboard.press('ArrowUp');
  },
  select: async (page) => {
    await menu(page, '对了', /^(多选|Select)$/);
    await bubble(page, '写了一半').click();
  },
  forward: (page) => menu(page, '对了', /^(转发|Forward)/).then(() => page.getByRole('dialog').waitFor()),
  files: (page) =>
    page.locator('.composer input[type=file]').setInputFiles([
      { name: '第三季度数据汇总 v3.xlsx', mimeType: 'application/vnd.ms-excel', buffer: Buffer.alloc(184_000, 1) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('text') },
    ]).then(() => page.getByRole('dialog').waitFor()),
  recall: (page) => menu(page, '写了一半', /^(撤回|Take back)/).then(() => page.getByRole('dialog').waitFor()),
  switcher: async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('w');
  },
  'row-menu': (page) => page.locator('.chat-list [data-jid]').nth(1).click({ button: 'right' }).then(() => page.getByRole('menu').waitFor()),
};

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
/** A picture of a page that failed is none. */
const complain = (...what) => {
  console.error(...what);
  process.exitCode = 1;
};
const variants = [
  [1280, 'light', 'zh-CN'],
  [390, 'light', 'zh-CN'],
  [1280, 'dark', 'en'],
  [390, 'dark', 'en'],
  ...(process.env.ALL
    ? [
        [1280, 'dark', 'zh-CN'],
        [390, 'dark', 'zh-CN'],
        [1280, 'light', 'en'],
        [390, 'light', 'en'],
      ]
    : []),
];
for (const [width, theme, locale] of variants) {
  const context = await browser.newContext({
    viewport: { width, height: width === 390 ? 844 : 800 },
    hasTouch: width === 390,
    locale,
    colorScheme: theme,
    deviceScaleFactor: 1,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => {
    if (message.type() === 'error') complain(width, theme, message.text());
  });
  page.on('pageerror', (error) => complain(width, theme, error.message));
  for (const [name, path] of Object.entries(screens)) {
    if (only.length && !only.includes(name)) continue;
    await page.goto('about:blank');
    await page.goto(base + path);
    await page.waitForSelector('#app > *');
    await page.waitForLoadState('networkidle');
    if (name.startsWith('offline')) await page.locator('.connection-banner').filter({ visible: true }).waitFor();
    if (acts[name]) {
      await page.waitForSelector(name === 'row-menu' ? '.chat-list [data-jid]' : '.message');
      await acts[name](page);
      await page.waitForLoadState('networkidle');
    }
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
          .map((each) => each.finished.catch(() => undefined)),
      ),
    );
    await page.evaluate(async () => {
      await Promise.all([...document.images].filter((each) => each.complete).map((each) => each.decode().catch(() => undefined)));
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    });
    await page.screenshot({ path: `${out}/${name}-${width}-${theme}-${locale}.png` });
  }
  await context.close();
}
await browser.close();
