// What people do with messages: answer, react, correct, pass on, look for, and leave half written.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { attach, choose, downloaded, has, message, open, say, sees, sendFiles, Stage } from './people';

let stage: Stage;
let ann: Page;
let bob: Page;
beforeAll(async () => {
  stage = await Stage.start();
  [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob', { locale: 'zh-CN', dark: true })]);
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
});
afterAll(async () => { await stage.stop(); });

test('an answer shows what it answers and leads there', async () => {
  await say(ann, 'Shall we meet at the old bridge?');
  await sees(bob, 'old bridge');
  for (let n = 1; n <= 30; n++) await say(ann, `filler ${n}`);
  await sees(bob, 'filler 30');
  await message(bob, 'old bridge').scrollIntoViewIfNeeded();
  await choose(bob, 'old bridge', '回复');
  await say(bob, '好，桥上见');
  const quote = message(ann, '桥上见').locator('.quote');
  await quote.waitFor();
  expect(await quote.locator('.quote-text').innerText()).toContain('old bridge');
  await quote.click();
  await ann.locator('.message-line[data-flash]', { hasText: 'old bridge' }).waitFor();
  expect(await ann.locator('.message', { hasText: 'Shall we meet' }).first().isVisible()).toBe(true);
});

test('a reaction is seen by both, and taken back', async () => {
  await say(ann, 'It is done');
  await sees(bob, 'It is done');
  await message(bob, 'It is done').locator('.bubble').click({ button: 'right' });
  await bob.getByRole('menuitem', { name: '回应 👍' }).click();
  const seen = message(ann, 'It is done').locator('.reaction');
  await seen.waitFor();
  expect(await seen.getAttribute('aria-label')).toContain('👍');
  await message(bob, 'It is done').locator('.reaction').click();
  await seen.waitFor({ state: 'detached' });
});

test('the arrow up corrects the last message, and both see the correction', async () => {
  await say(ann, 'see you at thre');
  await sees(bob, 'see you at thre');
  await ann.press('.composer textarea', 'ArrowUp');
  expect(await ann.inputValue('.composer textarea')).toBe('see you at thre');
  await ann.fill('.composer textarea', 'see you at three');
  await ann.press('.composer textarea', 'Enter');
  await sees(bob, 'see you at three');
  expect(await message(bob, 'see you at three').locator('.meta').innerText()).toContain('已编辑');
  expect(await bob.locator('.message', { hasText: /see you at thre(?!e)/ }).count()).toBe(0);
  await ann.press('.composer textarea', 'ArrowUp');
  await ann.press('.composer textarea', 'Escape');
  expect(await ann.inputValue('.composer textarea')).toBe('');
});

test('several messages are passed on to several people', async () => {
  const [carl, dot] = await Promise.all([stage.register('carl'), stage.register('dot')]);
  for (const name of ['carl', 'dot']) {
    await open(ann, name);
    await say(ann, `hello ${name}`);
  }
  await open(ann, 'bob');
  await say(ann, 'first to pass on');
  await say(ann, 'second to pass on');
  await has(ann, 'second to pass on', 'sent', 'delivered', 'read');
  await choose(ann, 'first to pass on', 'Select');
  await message(ann, 'second to pass on').click();
  await ann.getByRole('toolbar', { name: 'Select' }).getByRole('button', { name: 'Forward' }).click();
  const dialog = ann.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /carl/ }).click();
  await dialog.getByRole('checkbox', { name: /dot/ }).click();
  await dialog.getByRole('button', { name: 'Send to 2' }).click();
  for (const page of [carl, dot]) {
    await open(page, 'ann');
    await sees(page, 'first to pass on');
    await sees(page, 'second to pass on');
    expect(await page.locator('.message .bubble-from').count()).toBe(2);
  }
});

test('a word inside an unbroken Chinese sentence is found, also when it is far up', async () => {
  await open(ann, 'bob');
  await say(ann, '请把正文的行高改成一点六');
  await has(ann, '行高', 'sent', 'delivered', 'read');
  for (let n = 1; n <= 60; n++) await say(ann, `later ${n}`);
  await has(ann, 'later 60', 'sent', 'delivered', 'read');
  const desk = await stage.logIn('ann');
  await open(desk, 'bob');
  await sees(desk, 'later 60');
  await desk.getByRole('button', { name: 'Search this chat' }).click();
  await desk.getByRole('search').locator('input').fill('行高');
  await desk.getByText('1 of 1').waitFor();
  await sees(desk, '行高改成');
  await desk.getByRole('search').locator('input').fill('不存在的词');
  await desk.getByText('Nothing found').waitFor();
  await desk.keyboard.press('Escape');
  await desk.keyboard.press('Escape');
  await desk.waitForSelector('.search-bar', { state: 'detached' });
});

test('what is half written stays, per conversation, over a reload', async () => {
  await open(ann, 'bob');
  await ann.fill('.composer textarea', '还没写完');
  await open(ann, 'carl');
  expect(await ann.inputValue('.composer textarea')).toBe('');
  await ann.reload();
  await ann.locator('.chat-list [data-jid="bob@localhost"]', { hasText: 'Draft: 还没写完' }).waitFor();
  await open(ann, 'bob');
  expect(await ann.inputValue('.composer textarea')).toBe('还没写完');
  await ann.fill('.composer textarea', '');
});

test('styles, actions and links read as they are meant, and several lines stay lines', async () => {
  await open(ann, 'bob');
  await ann.fill('.composer textarea', 'line one');
  await ann.press('.composer textarea', 'Shift+Enter');
  await ann.locator('.composer textarea').pressSequentially('a *bold* word and https://example.org/path?q=1.');
  await ann.press('.composer textarea', 'Enter');
  await sees(bob, 'line one');
  const bubble = message(bob, 'line one');
  expect(await bubble.locator('strong').innerText()).toContain('bold');
  const link = bubble.locator('a');
  expect(await link.getAttribute('href')).toBe('https://example.org/path?q=1');
  expect(await link.getAttribute('rel')).toContain('noopener');
  await say(ann, '/me waves');
  await bob.locator('.message .bubble-text[data-action]').last().waitFor();
  expect(await bob.locator('.message .bubble-text[data-action]').last().innerText()).toMatch(/ann\s+waves/);
});

test('a text too long for a message goes as a file, and nothing of it is lost', async () => {
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
  const long = `开头${'长'.repeat(100_000)}结尾`;
  await say(ann, long);
  const dialog = ann.getByRole('dialog');
  await dialog.getByText('Long text.txt').waitFor();
  await ann.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect((await ann.inputValue('.composer textarea')).length).toBe(long.length);
  await ann.press('.composer textarea', 'Enter');
  await sendFiles(ann);
  await sees(bob, 'Long text.txt');
  const { bytes } = await downloaded(bob, message(bob, 'Long text.txt').locator('a[download]'));
  expect(bytes.toString()).toBe(long);
  expect(await ann.inputValue('.composer textarea')).toBe('');
  // What fits goes as it is, and what follows goes too.
  await say(ann, '界'.repeat(9_999));
  await say(ann, 'still talking');
  await sees(bob, 'still talking');
});

test('who types is seen to type', async () => {
  await ann.locator('.composer textarea').pressSequentially('hm');
  await bob.getByText('正在输入').first().waitFor();
  await ann.fill('.composer textarea', '');
});

test('Enter that ends a composition does nothing in any field', async () => {
  await open(ann, 'bob');
  /** As an input method does it: the key has no code of its own. */
  const compose = async (field: Locator, text: string) => {
    await field.fill(text);
    await field.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true });
  };
  const address = ann.url();
  await compose(ann.locator('.composer textarea'), 'nihao');
  await compose(ann.locator('.chat-list-head input'), 'carl');
  await ann.locator('.chat-list-head input').fill('');
  await ann.keyboard.press('Control+k');
  await compose(ann.getByRole('combobox'), 'carl');
  await ann.getByRole('option', { name: /carl/ }).waitFor();
  await ann.keyboard.press('Escape');
  await ann.keyboard.press('Escape');
  await ann.getByRole('combobox').waitFor({ state: 'detached' });
  await attach(ann, { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('text') });
  await compose(ann.getByRole('dialog').getByLabel('Add a caption'), 'shuoming');
  await ann.getByRole('dialog').getByRole('button', { name: 'Do not send a.txt' }).click();
  await ann.getByRole('dialog').waitFor({ state: 'detached' });
  await ann.fill('.composer textarea', '');
  await ann.press('.composer textarea', 'ArrowUp');
  const before = await ann.inputValue('.composer textarea');
  await compose(ann.locator('.composer textarea'), `${before} gai`);
  await ann.keyboard.press('Escape');
  expect(ann.url()).toBe(address);
  expect(await ann.locator('.message', { hasText: /nihao|shuoming|gai/ }).count()).toBe(0);
});

test('no script or policy complained', () => { expect(stage.complaints).toEqual([]); });
