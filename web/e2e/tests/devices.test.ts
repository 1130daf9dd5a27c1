// Devices: staying logged in, and signing one out from another.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { has, open, say, sees, Stage, submit } from './people';

let stage: Stage;
beforeAll(async () => { stage = await Stage.start(); });
afterAll(async () => { await stage.stop(); });

test('a device stays logged in over a reload, and is signed out from another', async () => {
  const desk = await stage.register('ann');
  const phone = await stage.logIn('ann', { width: 390 });
  await phone.reload();
  await phone.waitForSelector('.shell');
  await desk.goto('/#/settings/devices');
  await desk.getByText('This device').first().waitFor();
  await desk.getByRole('button', { name: /^Sign out/ }).first().click();
  await desk.getByRole('dialog').getByRole('button', { name: /^Sign out/ }).click();
  await phone.waitForSelector('input[name=password]');
  await desk.reload();
  await desk.waitForSelector('.shell');
});

test('who is signed out from elsewhere loses nothing that was typed', async () => {
  const [ben, cleo] = await Promise.all([stage.register('ben'), stage.register('cleo')]);
  const phone = await stage.logIn('ben', { width: 390 });
  await open(cleo, 'ben');
  await open(phone, 'cleo');
  await phone.context().setOffline(true);
  await say(phone, 'written in a tunnel');
  await phone.fill('.composer textarea', 'and half a sentence');
  await phone.goto('/#/chats');
  await ben.goto('/#/settings/devices');
  await ben.getByRole('button', { name: /^Sign out/ }).first().click();
  await ben.getByRole('dialog').getByRole('button', { name: /^Sign out/ }).click();
  await ben.getByRole('dialog').waitFor({ state: 'detached' });
  await phone.context().setOffline(false);
  await phone.waitForSelector('input[name=password]');
  await submit(phone, 'ben');
  await phone.waitForSelector('.shell');
  await sees(cleo, 'written in a tunnel');
  await open(phone, 'cleo');
  await has(phone, 'written in a tunnel', 'sent', 'delivered', 'read');
  expect(await phone.inputValue('.composer textarea')).toBe('and half a sentence');
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
