// Two people who have only a browser, against the release binary that serves them the app.
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { has, open, PASSWORD, say, sees, Stage, submit, texts, waiting } from './people';

let stage: Stage;
beforeAll(async () => { stage = await Stage.start(); });
afterAll(async () => { await stage.stop(); });

test('two strangers register, talk in Chinese and English, and find everything on another device', async () => {
  const [alice, bob] = await Promise.all([stage.register('alice', { locale: 'zh-CN' }), stage.register('bob', { dark: true })]);
  await Promise.all([open(alice, 'bob'), open(bob, 'alice')]);
  await say(alice, '你好 Bob，明天三点见？👋');
  await sees(bob, '明天三点见');
  await say(bob, 'Sure, see you at three');
  await sees(alice, 'see you at three');
  await has(alice, '明天三点见', 'sent', 'delivered', 'read');

  const phone = await stage.logIn('alice', { width: 390, locale: 'zh-CN' });
  await open(phone, 'bob');
  await sees(phone, '明天三点见');
  await sees(phone, 'see you at three');

  await alice.reload();
  await sees(alice, 'see you at three');
  expect(await alice.locator('.message').count()).toBe(2);
});

test('Enter while an input method composes sends nothing', async () => {
  const page = await stage.register('carol');
  await open(page, 'alice');
  await page.fill('.composer textarea', 'nihao');
  await page.locator('.composer textarea').dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true });
  await page.press('.composer textarea', 'End');
  expect(await page.inputValue('.composer textarea')).toBe('nihao');
  expect(await page.locator('.message').count()).toBe(0);
});

test('what is sent while the server is killed arrives once, in order, after it is back', async () => {
  const [dora, emil] = await Promise.all([stage.register('dora'), stage.register('emil')]);
  await Promise.all([open(dora, 'emil'), open(emil, 'dora')]);
  await say(dora, 'line 0');
  await sees(emil, 'line 0');
  let killed: Promise<void> | undefined;
  for (let n = 1; n <= 20; n++) {
    // In the middle, while what was said is on its way.
    if (n % 8 === 0) killed = Promise.resolve(killed).then(() => stage.server.kill()).then(() => stage.server.up());
    await say(dora, `line ${n}`);
  }
  await killed;
  await sees(emil, 'line 20');
  await has(dora, 'line 20', 'sent', 'delivered', 'read');
  const expected = Array.from({ length: 21 }, (_, n) => `line ${n}`);
  for (const page of [emil, dora]) {
    await expect.poll(() => texts(page, /line \d+/), { timeout: 10_000 }).toEqual(expected);
    expect(await page.locator('.message').count()).toBe(expected.length);
    await expect.poll(() => waiting(page), { timeout: 10_000 }).toBe(0);
  }
});

/** The fonts, by the names in their files, that the browser draws the first `selector` with. */
async function drawnWith(page: Page, selector: string): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('DOM.enable');
  await devtools.send('CSS.enable');
  const { root } = await devtools.send('DOM.getDocument');
  const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId });
  await devtools.detach();
  return fonts.map(({ postScriptName }) => postScriptName);
}

test('Chinese is drawn in simplified glyphs and real bold, in both interfaces', async () => {
  const [lin, mei] = await Promise.all([stage.register('lin', { locale: 'zh-CN' }), stage.register('mei', { locale: 'en' })]);
  await Promise.all([open(lin, 'mei'), open(mei, 'lin')]);
  // Characters that Chinese and Japanese fonts draw differently.
  await say(lin, '骨 直 *将*');
  await sees(mei, '骨');
  for (const page of [lin, mei]) {
    const fonts = await drawnWith(page, '.message .rich-text');
    expect(fonts.filter((name) => /CJK(jp|kr|tc|hk)/.test(name))).toEqual([]);
    expect(fonts.some((name) => /CJKsc|SC|Hei/.test(name)), fonts.join()).toBe(true);
    expect(await drawnWith(page, '.message .rich-text strong')).toEqual([expect.stringMatching(/Bold/)]);
  }
});

test('nothing that a person writes becomes markup', async () => {
  const [mallory, victim] = await Promise.all([stage.register('mallory'), stage.register('victim')]);
  await Promise.all([open(mallory, 'victim'), open(victim, 'mallory')]);
  const payloads = ['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', 'javascript:alert(1)', '"><svg onload=alert(1)>', '&lt;b&gt;'];
  let dialogs = 0;
  victim.on('dialog', (d) => { dialogs++; void d.dismiss(); });
  for (const payload of payloads) await say(mallory, payload);
  for (const payload of payloads) await sees(victim, payload);
  expect(dialogs).toBe(0);
  expect(await victim.locator('.message a[href^="javascript"], .message script, .message svg[onload]').count()).toBe(0);
});

test('a wrong password says so and what to do', async () => {
  const page = await (await stage.device()).newPage();
  await page.goto('/#/login');
  await submit(page, 'alice', `${PASSWORD}x`);
  const alert = page.locator('[role=alert]').first();
  await alert.waitFor();
  expect(await alert.innerText()).toMatch(/password/i);
});

test('no screen has an accessibility violation, no script or policy complained', async () => {
  for (const dark of [false, true]) {
    const page = await stage.logIn('alice', { dark });
    for (const route of ['/#/chats', '/#/chat/bob%40localhost', '/#/contacts', '/#/settings']) {
      await page.goto(route);
      await page.waitForLoadState('networkidle');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${route}: ${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
    }
  }
  expect(stage.complaints).toEqual([]);
});
