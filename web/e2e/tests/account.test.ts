// What a person decides: who sees what, whom they call what, their picture, their password, their leaving.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { befriend, has, open, PASSWORD, picture, say, sees, Stage, submit } from './people';

let stage: Stage;
beforeAll(async () => { stage = await Stage.start(); });
afterAll(async () => { await stage.stop(); });

test('who turns read receipts off is not seen to read', async () => {
  const [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob')]);
  await bob.goto('/#/settings/privacy');
  await bob.getByLabel('Read receipts').uncheck();
  const phone = await stage.logIn('bob', { width: 390 });
  await phone.goto('/#/settings/privacy');
  await expect.poll(() => phone.getByLabel('Read receipts').isChecked(), { timeout: 10_000 }).toBe(false);
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
  await say(ann, 'did you read this?');
  await sees(bob, 'did you read this?');
  await say(bob, 'no answer to that');
  await sees(ann, 'no answer to that');
  await has(ann, 'did you read this?', 'delivered');
});

test('a contact gets a name and tags of one’s own, a picture is seen, and blocking silences', async () => {
  const [carl, dora] = await Promise.all([stage.register('carl'), stage.register('dora')]);
  await befriend(carl, dora, ['carl', 'dora']);
  await dora.goto('/#/settings/profile');
  const buffer = await picture(dora, { width: 400, height: 300, colour: '#c60' });
  await dora.locator('.own-photo input[type=file]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer });
  await dora.getByRole('dialog').getByRole('button', { name: 'Use' }).click();
  await dora.getByText('Photo updated').waitFor();
  await dora.getByLabel('Name', { exact: true }).fill('李朵拉');
  await dora.getByRole('button', { name: 'Save' }).click();
  await dora.getByText('Saved').first().waitFor();

  await carl.goto('/#/contacts');
  await carl.goto('/#/contact/dora%40localhost');
  await carl.locator('.profile-head img').waitFor();
  await carl.getByText('李朵拉').first().waitFor();
  await carl.getByText('online', { exact: true }).first().waitFor();
  await carl.getByText('Give them a name of your own').click();
  await carl.getByRole('dialog').getByRole('textbox').fill('小朵');
  await carl.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await carl.locator('.profile-head h2', { hasText: '小朵' }).waitFor();
  await carl.getByText('Add tags').click();
  await carl.getByRole('dialog').getByRole('textbox').fill('Family, 同事');
  await carl.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await carl.getByRole('dialog').waitFor({ state: 'detached' });
  await carl.getByText('同事').first().waitFor();

  await carl.goto('/#/contact/dora%40localhost');
  await carl.getByText('Block', { exact: true }).click();
  await carl.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await carl.getByText('You blocked this person').waitFor();
  await open(dora, 'carl');
  await say(dora, 'can you hear me?');
  await dora.locator('.failure').waitFor();
  await carl.getByText('Unblock', { exact: true }).click();
  await carl.getByText('is no longer blocked').waitFor();
  await dora.locator('.failure').getByRole('button', { name: 'Retry' }).click();
  await open(carl, 'dora');
  await sees(carl, 'can you hear me?');
});

test('people are found by pinyin, and the whole way goes by keyboard', async () => {
  const erik = await stage.register('erik');
  const frida = await stage.register('frida');
  await frida.goto('/#/settings/profile');
  await frida.getByLabel('Name', { exact: true }).fill('张伟');
  await frida.getByRole('button', { name: 'Save' }).click();
  await frida.getByText('Saved').first().waitFor();
  await befriend(erik, frida, ['erik', 'frida']);
  await erik.goto('/#/contacts');
  await erik.locator('.column-scroll').getByText('张伟').first().waitFor();
  await erik.goto('/#/chats');
  await erik.keyboard.press('Control+k');
  await erik.getByRole('combobox').fill('zhangw');
  await erik.getByRole('option', { name: /张伟/ }).waitFor();
  await erik.keyboard.press('Enter');
  await erik.waitForSelector('.composer textarea:focus');
  await erik.keyboard.type('by keyboard alone');
  await erik.keyboard.press('Enter');
  await has(erik, 'by keyboard alone', 'sent', 'delivered', 'read');
  await erik.keyboard.press('?');
  expect(await erik.inputValue('.composer textarea')).toBe('?');
  await erik.keyboard.press('Backspace');
  await erik.keyboard.press('Shift+Tab');
  for (let n = 0; n < 20 && !(await erik.evaluate(() => document.activeElement?.classList.contains('message'))); n++)
    await erik.keyboard.press('Shift+Tab');
  await erik.keyboard.press('Enter');
  await erik.getByRole('menuitem', { name: 'Reply' }).waitFor();
  await erik.keyboard.press('Escape');
  await erik.getByRole('menuitem', { name: 'Reply' }).waitFor({ state: 'detached' });
  await expect.poll(() => erik.evaluate(() => document.activeElement?.classList.contains('message'))).toBe(true);
});

test('language, theme and accent are changed at once and stay', async () => {
  const page = await stage.register('gina');
  await page.goto('/#/settings/appearance');
  await page.getByRole('radio', { name: 'Dark' }).click({ force: true });
  await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
  await page.getByLabel('Language').selectOption('zh-CN');
  await page.getByText('外观').first().waitFor();
  await page.reload();
  await page.getByText('外观').first().waitFor();
  expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']])).toEqual(['zh-CN', 'dark']);
});

test('a changed password holds, and a deleted account is gone', async () => {
  const page = await stage.register('hugo');
  await page.goto('/#/settings/account');
  await page.getByText('Change password').click();
  await page.getByRole('dialog').getByLabel('New password').fill(`${PASSWORD} and more`);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Password changed').waitFor();
  await page.reload();
  await page.waitForSelector('.shell');
  const other = await (await stage.device()).newPage();
  const logIn = async (password: string) => {
    await other.goto('/#/login');
    await submit(other, 'hugo', password);
  };
  await logIn(PASSWORD);
  await other.locator('[role=alert]').first().waitFor();
  await logIn(`${PASSWORD} and more`);
  await other.waitForSelector('.shell');
  await page.goto('/#/settings/account');
  await page.getByRole('button', { name: 'Delete account' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Delete forever' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('hugo');
  await dialog.getByRole('button', { name: 'Delete forever' }).click();
  await page.waitForSelector('input[name=password]');
  await other.waitForSelector('input[name=password]');
  await logIn(`${PASSWORD} and more`);
  await other.locator('[role=alert]').first().waitFor();
});

test('a name that is taken says so at its field', async () => {
  const page = await (await stage.device({ locale: 'zh-CN' })).newPage();
  await page.goto('/#/register');
  await submit(page, 'ann');
  await page.getByText('已经有人用了').first().waitFor();
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
