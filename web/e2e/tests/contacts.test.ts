// People who find each other: by a link, by name, and what they keep to themselves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { has, open, say, sees, Stage, submit } from './people';

let stage: Stage;
beforeAll(async () => { stage = await Stage.start(); });
afterAll(async () => { await stage.stop(); });

test('who opens an invitation link makes an account in three fields and is a contact', async () => {
  const ann = await stage.register('ann');
  await ann.goto('/#/contacts/invite');
  const link = await ann.locator('.people-link span').innerText();
  const stranger = await (await stage.device({ locale: 'zh-CN', width: 390 })).newPage();
  await stranger.goto(new URL(link).pathname);
  await stranger.getByText(/ann\s邀请你聊天/).waitFor();
  expect(await stranger.locator('form input').count()).toBe(3);
  await submit(stranger, 'ben');
  await stranger.waitForSelector('.composer textarea');
  await say(stranger, '我来了');
  await open(ann, 'ben');
  await sees(ann, '我来了');
  await ann.goto('/#/contacts');
  await ann.locator('.column-scroll').getByText('ben').first().waitFor();
  await ann.goto('/#/contacts/requests');
  await ann.getByText('No requests').first().waitFor();
});

test('who has an account becomes a contact by one button, or not now', async () => {
  const [cleo, dirk] = await Promise.all([stage.register('cleo'), stage.register('dirk')]);
  await cleo.goto('/#/contacts/invite');
  const link = new URL(await cleo.locator('.people-link span').innerText()).pathname;
  await dirk.goto(link);
  await dirk.getByText('You are logged in as dirk@localhost').waitFor();
  await dirk.getByRole('button', { name: 'Not now' }).click();
  await dirk.waitForSelector('.shell');
  await cleo.goto('/#/contacts');
  expect(await cleo.locator('.column-scroll').getByText('dirk').count()).toBe(0);
  await dirk.goto(link);
  await dirk.getByRole('button', { name: 'Become contacts' }).click();
  await dirk.waitForSelector('.composer textarea');
  await cleo.locator('.column-scroll').getByText('dirk').first().waitFor();
});

test('who is new is shown what to do first', async () => {
  const page = await stage.register('newt', { width: 390, locale: 'zh-CN' });
  await page.getByText('还没有聊天').waitFor();
  await page.getByRole('link', { name: '邀请朋友' }).or(page.getByRole('button', { name: '邀请朋友' })).first().click();
  await page.locator('.people-qr path').waitFor();
  const desk = await stage.logIn('newt');
  await desk.getByText('Welcome to Magpie').waitFor();
  await desk.getByRole('link', { name: /Add contact/ }).first().click();
  await desk.getByLabel('Username, name or invitation link').waitFor();
});

test('an invitation that there is not says what to do', async () => {
  const page = await (await stage.device()).newPage();
  await page.goto('/invite/0123456789abcdef0123456789abcdef');
  await page.getByText('This invitation no longer works').first().waitFor();
});

test('who chose to be found is found by name, asked with a message, and accepts', async () => {
  const fay = await stage.register('fay');
  const gil = await stage.register('gil');
  await gil.goto('/#/contacts/add');
  await gil.getByLabel('Username, name or invitation link').fill('fa');
  await gil.getByText('Add by address').waitFor();
  expect(await gil.getByRole('button', { name: 'Add fay' }).count()).toBe(0);
  await fay.goto('/#/settings/privacy');
  await fay.getByLabel('Let others find me').check();
  await gil.getByLabel('Username, name or invitation link').fill('');
  await gil.getByLabel('Username, name or invitation link').fill('fa');
  await gil.getByRole('button', { name: 'Add fay' }).click();
  await gil.getByLabel('Message', { exact: true }).fill('hello from gil');
  await gil.getByRole('button', { name: 'Send request' }).click();
  await fay.goto('/#/contacts/requests');
  await fay.getByText('hello from gil').first().waitFor();
  await fay.getByRole('button', { name: 'Accept' }).click();
  await gil.goto('/#/contacts/add');
  await gil.getByLabel('Username, name or invitation link').fill('fay');
  await gil.getByText('Already a contact').first().waitFor();
});

test('what is taken back is gone on both sides and on a fresh device', async () => {
  const [hal, ida] = await Promise.all([stage.register('hal'), stage.register('ida')]);
  await Promise.all([open(hal, 'ida'), open(ida, 'hal')]);
  await say(hal, 'a secret word');
  await sees(ida, 'a secret word');
  await has(hal, 'a secret word', 'sent', 'delivered', 'read');
  await hal.locator('.message', { hasText: 'a secret word' }).click({ button: 'right' });
  await hal.getByRole('menuitem', { name: 'Take back' }).click();
  await hal.getByRole('button', { name: 'Take back' }).click();
  await ida.getByText('hal took a message back').first().waitFor();
  const phone = await stage.logIn('ida', { width: 390 });
  await open(phone, 'hal');
  await phone.getByText('hal took a message back').first().waitFor();
  for (const page of [hal, ida, phone]) await page.waitForFunction(() => !document.body.textContent!.includes('a secret word'));
});
