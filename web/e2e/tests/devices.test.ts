// Devices: staying logged in, and signing one out from another.
import { afterAll, beforeAll, test } from 'vitest';
import { Stage } from './people';

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
