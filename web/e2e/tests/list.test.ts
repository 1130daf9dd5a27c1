// The list of conversations, requests, emoji, notifications, and what a person is told when something is wrong.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { attach, open, PASSWORD, say, sees, sendFiles, Stage, submit } from './people';

let stage: Stage;
let ann: Page;
beforeAll(async () => {
  stage = await Stage.start();
  for (const name of ['ben', 'cat', 'dan']) await stage.server.account(name, PASSWORD);
  ann = await stage.register('ann');
  for (const name of ['ben', 'cat', 'dan']) {
    await open(ann, name);
    await say(ann, `hello ${name}`);
  }
  await ann.goto('/#/chats');
});
afterAll(async () => { await stage.stop(); });

const names = (page: Page) => page.locator('.chat-list [data-jid]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['jid']!.split('@')[0]));
const row = (page: Page, name: string) => page.locator(`.chat-list [data-jid="${name}@localhost"]`);

async function chooseOf(page: Page, name: string, verb: string): Promise<void> {
  await row(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: verb, exact: true }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

test('a conversation is pinned, muted, marked and removed, on every device', async () => {
  const phone = await stage.logIn('ann', { width: 390 });
  await expect.poll(() => names(ann)).toEqual(['dan', 'cat', 'ben']);
  await chooseOf(ann, 'ben', 'Pin');
  await chooseOf(ann, 'ben', 'Mute');
  await chooseOf(ann, 'cat', 'Mark as unread');
  for (const page of [ann, phone]) {
    await expect.poll(() => names(page)).toEqual(['ben', 'dan', 'cat']);
    await row(page, 'ben').locator('[data-kind=muted]').waitFor();
    await row(page, 'cat').locator('.ui-badge').waitFor();
  }
  await chooseOf(ann, 'dan', 'Remove from list');
  for (const page of [ann, phone]) await expect.poll(() => names(page)).toEqual(['ben', 'cat']);
  const dan = await stage.logIn('dan');
  await open(dan, 'ann');
  await say(dan, 'here again');
  for (const page of [ann, phone]) await expect.poll(() => names(page)).toEqual(['ben', 'dan', 'cat']);
  await chooseOf(ann, 'ben', 'Unpin');
  await expect.poll(() => names(phone)).toEqual(['dan', 'cat', 'ben']);
});

test('the field above the list filters it', async () => {
  await ann.locator('.chat-list-head input').fill('ca');
  await expect.poll(() => names(ann)).toEqual(['cat']);
  await ann.locator('.chat-list-head input').fill('nobody of that name');
  await ann.getByText('Nothing found for').waitFor();
  await ann.locator('.chat-list-head input').fill('');
  await expect.poll(() => names(ann).then((all) => all.length)).toBe(3);
});

test('a request is put off, then declined', async () => {
  const ben = await stage.logIn('ben');
  await ben.goto('/#/contact/ann%40localhost');
  await ben.locator('.profile-actions').getByRole('button', { name: 'Add contact' }).click();
  await ben.getByRole('dialog').getByRole('button', { name: 'Send request' }).click();
  await ann.getByText('ben wants to add you').first().waitFor();
  await ann.goto('/#/contacts/requests');
  await ann.getByRole('button', { name: 'Later' }).click();
  await ann.goto('/#/chats');
  await ann.locator('.chat-list-requests').waitFor({ state: 'detached' });
  await ann.goto('/#/contacts/requests');
  await ann.getByRole('button', { name: 'Decline' }).click();
  await ann.getByText('No requests').waitFor();
});

test('an emoji is found by its Chinese name and goes into the text', async () => {
  await open(ann, 'cat');
  await ann.fill('.composer textarea', 'well ');
  await ann.locator('.composer').getByRole('button', { name: 'Emoji' }).click();
  await ann.getByPlaceholder('Find emoji').fill('火箭');
  await ann.getByText('🚀', { exact: true }).click();
  await ann.keyboard.press('Escape');
  expect(await ann.inputValue('.composer textarea')).toBe('well 🚀');
  await ann.press('.composer textarea', 'Enter');
  await sees(ann, 'well 🚀');
});

test('who looks elsewhere is notified, with a name and a text', async () => {
  const context = await stage.device();
  await context.grantPermissions(['notifications']);
  const page = await stage.logInOn(context, 'cat');
  await page.goto('/#/settings/notifications');
  await page.getByLabel('Desktop notifications').check();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  // Chromium gives every page the focus here: this one has lost it.
  await page.evaluate(() => { document.hasFocus = () => false; });
  await open(ann, 'cat');
  await say(ann, 'look here');
  await expect.poll(() => page.evaluate(async () =>
    (await (await navigator.serviceWorker.ready).getNotifications()).map((one) => [one.title, one.body]))).toEqual([['ann', 'look here']]);
});

test('no name, address or file name becomes markup', async () => {
  const payload = '"><img src=x onerror=alert(1)><svg onload=alert(2)>';
  const mallory = await stage.register('mallory');
  const victim = await stage.register('victim');
  let dialogs = 0;
  for (const page of [mallory, victim]) page.on('dialog', (dialog) => { dialogs++; void dialog.dismiss(); });
  await mallory.goto('/#/settings/profile');
  await mallory.getByLabel('Name', { exact: true }).fill(payload);
  await mallory.getByLabel('About').fill(payload);
  await mallory.getByRole('button', { name: 'Save' }).click();
  await mallory.getByText('Saved').first().waitFor();
  await open(mallory, 'victim');
  await attach(mallory, { name: `${payload.replaceAll('/', '')}.txt`, mimeType: 'text/html', buffer: Buffer.from('<script>alert(3)</script>') });
  await sendFiles(mallory);
  await victim.goto('/#/contact/mallory%40localhost');
  await victim.getByText('onerror=alert(1)').first().waitFor();
  await open(victim, 'mallory');
  await victim.locator('.file-text').waitFor();
  await victim.goto('/#/chats');
  await victim.getByText('onerror=alert(1)').first().waitFor();
  await victim.goto(`/#/chat/${encodeURIComponent(`${payload}@localhost`)}`);
  await victim.goto(`/#/contact/${encodeURIComponent(payload)}`);
  await victim.waitForSelector('.shell');
  expect(await victim.locator('img[src="x"], svg[onload]').count()).toBe(0);
  expect(dialogs).toBe(0);
});

test('who is banned is told so: at once, when back from elsewhere, and at the next login', async () => {
  const page = await stage.register('noisy');
  const phone = await stage.logIn('noisy', { width: 390 });
  await phone.context().setOffline(true);
  await stage.server.command('user', 'ban', 'noisy');
  const told = (where: Page) => where.getByText('This account was disabled by the operator').waitFor();
  await told(page);
  await phone.context().setOffline(false);
  await told(phone);
  await phone.reload();
  await submit(phone, 'noisy');
  await told(phone);
});

test('without a server the login says so and what to do', async () => {
  const page = await (await stage.device({ locale: 'zh-CN' })).newPage();
  await page.goto('/#/login');
  await page.waitForSelector('input[name=password]');
  await stage.server.kill();
  await submit(page, 'ann');
  await page.locator('[role=alert]').first().waitFor();
  expect(await page.locator('[role=alert]').first().innerText()).toMatch(/[连网服]/);
  await stage.server.up();
  await page.click('button[type=submit]');
  await page.waitForSelector('.shell');
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
