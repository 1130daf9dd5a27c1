// What a person sets for themselves on a device: sound, what is kept, what others see of their time.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { attach, befriend, downloaded, has, open, picture, say, sees, sendFiles, Stage } from './people';

let stage: Stage;
let ann: Page;
let bob: Page;
beforeAll(async () => {
  stage = await Stage.start();
  [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob')]);
  await befriend(ann, bob, ['ann', 'bob']);
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
  await say(ann, '你好 hello');
  await sees(bob, '你好 hello');
  await attach(ann, { name: 'blue.png', mimeType: 'image/png', buffer: await picture(ann) });
  await sendFiles(ann);
  await bob.locator('.picture').waitFor();
  await has(ann, '你好 hello', 'read');
});
afterAll(async () => { await stage.stop(); });

test('a message that comes elsewhere sounds, unless sound is off', async () => {
  const page = await stage.logIn('bob');
  await page.addInitScript(() => {
    const tones = ((globalThis as { tones?: number[] }).tones = []) as number[];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      tones.push(this.frequency.value);
      start.call(this, when);
    };
  });
  const sounds = () => page.evaluate(() => (globalThis as { tones?: number[] }).tones!.length);
  const set = async (on: boolean) => {
    await page.goto('/#/settings/notifications');
    await page.getByRole('switch', { name: 'Sound' }).setChecked(on);
    await page.goto('/#/chats');
    await page.reload();
    // A browser lets no page sound that nobody touched.
    await page.locator('.chat-list-head input').click();
  };
  const hears = async (text: string) => {
    await say(ann, text);
    await page.locator('.chat-list').getByText(text).waitFor();
  };
  await set(false);
  await hears('in silence');
  expect(await sounds()).toBe(0);
  await set(true);
  await hears('with a sound');
  await expect.poll(sounds).toBe(2);
});

test('what a device keeps is shown and cleared, and nothing is lost by it', async () => {
  const page = await stage.logIn('ann');
  await open(page, 'bob');
  await sees(page, 'with a sound');
  await page.goto('/#/settings/storage');
  const kept = page.getByText(/Kept on this device · [\d.]+ [KM]?B/);
  await kept.waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('Cleared').waitFor();
  await open(page, 'bob');
  await sees(page, '你好 hello');
  await sees(page, 'with a sound');
});

test('everything of an account is taken along as one file', async () => {
  await ann.goto('/#/settings/storage');
  const { name, bytes } = await downloaded(ann, ann.getByRole('button', { name: 'Export' }));
  expect(name).toMatch(/^ann@localhost-\d{4}-\d\d-\d\d\.json$/);
  const data = JSON.parse(bytes.toString()) as {
    account: string; contacts: { jid: string }[]; conversations: { jid: string; messages: { author: string; body: string; files: { name: string; url: string }[] }[] }[];
  };
  expect(data.account).toBe('ann@localhost');
  expect(data.contacts.map(({ jid }) => jid)).toEqual(['bob@localhost']);
  const [talk] = data.conversations;
  expect(talk!.messages.map(({ body }) => body)).toEqual(['你好 hello', '', 'in silence', 'with a sound']);
  expect(talk!.messages[1]!.files[0]).toMatchObject({ name: 'blue.png', url: expect.stringContaining('/upload/') as string });
});

test('who hides when they were online is not seen to have been', async () => {
  await ann.goto('/#/contact/bob%40localhost');
  await ann.locator('.profile-head').getByText('online', { exact: true }).waitFor();
  const sofa = await stage.logIn('bob');
  await sofa.goto('/#/settings/privacy');
  await sofa.getByRole('radio', { name: 'Nobody' }).click({ force: true });
  await bob.context().close();
  await sofa.context().close();
  for (const context of stage.browser.contexts()) if (context !== ann.context()) await context.close();
  await ann.reload();
  await ann.locator('.profile-head').getByText('offline', { exact: true }).waitFor();
  expect(await ann.locator('.profile-head').getByText(/last seen/).count()).toBe(0);
  const back = await stage.logIn('bob');
  await back.goto('/#/settings/privacy');
  await back.getByRole('radio', { name: 'Contacts' }).click({ force: true });
  await ann.locator('.profile-head').getByText('online', { exact: true }).waitFor();
  await back.context().close();
  await ann.locator('.profile-head').getByText(/last seen/).waitFor();
});

test('about tells the server, and the keys are shown', async () => {
  await ann.goto('/#/settings/about');
  await ann.getByText('localhost', { exact: true }).waitFor();
  await ann.keyboard.press('?');
  await ann.getByText('Find people, chats and places').waitFor();
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
