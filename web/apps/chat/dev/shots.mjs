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
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on('console', (message) => {
    if (message.type() === 'error') console.log(width, theme, message.text());
  });
  page.on('pageerror', (error) => console.log(width, theme, error.message));
  for (const [name, path] of Object.entries(screens)) {
    if (only.length && !only.includes(name)) continue;
    await page.goto('about:blank');
    await page.goto(base + path);
    await page.waitForSelector('#app > *');
    await page.waitForLoadState('networkidle');
    if (name === 'offline') await page.waitForSelector('.connection-banner');
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
          .map((each) => each.finished),
      ),
    );
    await page.screenshot({ path: `${out}/${name}-${width}-${theme}-${locale}.png` });
  }
  await context.close();
}
await browser.close();
