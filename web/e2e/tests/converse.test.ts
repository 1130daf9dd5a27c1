// The messenger and Converse.js in one conversation: text, receipts, reply, reaction, picture, correction.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { Converse } from './converse';
import { attach, choose, has, message, open, PASSWORD, picture, say, sees, sendFiles, Stage } from './people';

let stage: Stage;
let ann: Page;
let carl: Converse;
beforeAll(async () => {
  stage = await Stage.start();
  await stage.server.account('carl', PASSWORD);
  ann = await stage.register('ann');
  await open(ann, 'carl');
  carl = await Converse.open(stage, 'carl', 'ann');
});
afterAll(async () => {
  await carl.close();
  await stage.stop();
});

test('text both ways, and each sees that the other has it', async () => {
  await say(ann, '你好 Carl 👋');
  await carl.message('你好 Carl').waitFor();
  await has(ann, '你好 Carl', 'delivered', 'read');
  await carl.say('Hello from Converse 鹊桥');
  await sees(ann, 'Hello from Converse');
  await carl.message('Hello from Converse').locator('.chat-msg__receipt').waitFor();
});

test('our answer, reaction and correction are theirs', async () => {
  await choose(ann, 'Hello from Converse', 'Reply');
  await say(ann, 'an answer to thet');
  await carl.message('an answer to thet').locator('.chat-msg__reply-text', { hasText: 'Hello from Converse' }).waitFor();
  expect(await carl.message('an answer to thet').locator('.chat-msg__text').innerText()).toBe('an answer to thet');
  await choose(ann, 'Hello from Converse', 'React with 👍');
  await carl.message('Hello from Converse').getByText('👍').first().waitFor();
  await ann.press('.composer textarea', 'ArrowUp');
  await ann.fill('.composer textarea', 'an answer to that');
  await ann.press('.composer textarea', 'Enter');
  await carl.message('an answer to that').locator('.chat-msg__reply-text', { hasText: 'Hello from Converse' }).waitFor();
});

test('a picture of ours is a picture there', async () => {
  await attach(ann, { name: 'blue.png', mimeType: 'image/png', buffer: await picture(ann) });
  await sendFiles(ann);
  const there = carl.page.locator('img.chat-image');
  await there.waitFor();
  await there.scrollIntoViewIfNeeded();
  await carl.page.waitForFunction(() => document.querySelector<HTMLImageElement>('img.chat-image')?.naturalWidth === 300);
});

test('what they send and correct is ours', async () => {
  await carl.page.locator('input.fileupload').setInputFiles({ name: 'theirs.png', mimeType: 'image/png', buffer: await picture(carl.page) });
  await ann.locator('.message-line:not([data-mine]) .picture img').waitFor();
  await carl.say('a word wih a mistake');
  await sees(ann, 'a word wih a mistake');
  await carl.page.locator('textarea.chat-textarea').press('ArrowUp');
  await carl.say('a word with a mistake');
  await sees(ann, 'a word with a mistake');
  expect(await message(ann, 'a word with a mistake').locator('.meta').innerText()).toContain('edited');
});
