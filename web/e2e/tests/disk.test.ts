// The server's disk is full: each is told, nothing is lost, and what was refused goes out when there is room.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { mayMount } from '../../packages/client/tests/server';
import { attach, has, open, picture, say, sees, sendFiles, Stage, texts } from './people';

// Containers may forbid it.
const possible = mayMount();
let stage: Stage;
beforeAll(async () => { if (possible) stage = await Stage.start('', { disk: '24m' }); });
afterAll(async () => { if (possible) await stage.stop(); });

test.runIf(possible)('a full disk is told in one’s own language, and a tap sends again what it refused', async () => {
  const [ann, bob] = await Promise.all([stage.register('ann'), stage.register('bob', { locale: 'zh-CN', width: 390 })]);
  await Promise.all([open(ann, 'bob'), open(bob, 'ann')]);
  await say(ann, 'before');
  await sees(bob, 'before');
  const makeRoom = await stage.server.fillDisk();
  await attach(ann, { name: 'blue.png', mimeType: 'image/png', buffer: await picture(ann) });
  await sendFiles(ann);
  await ann.locator('.failure').waitFor();
  // What the log of the database has in hand takes some more.
  const refused = ann.locator('.failure', { hasText: 'disk is full' });
  let said = 0;
  while (said < 100 && (await refused.count()) === 0) {
    await say(ann, `word ${++said}.`);
    await has(ann, `word ${said}.`, 'sent', 'delivered', 'read', 'failed');
  }
  await refused.first().waitFor();
  await say(bob, '也发不出去');
  await bob.locator('.failure', { hasText: '服务器的磁盘满了' }).waitFor();

  await makeRoom();
  for (const [page, word] of [[bob, '重试'], [ann, 'Retry']] as const) {
    const again = page.locator('.failure').getByRole('button', { name: word });
    for (let left = await again.count(); left > 0; left--) {
      await again.first().click();
      await again.nth(left - 1).waitFor({ state: 'detached' });
    }
  }
  await bob.locator('.picture').waitFor();
  await has(bob, '也发不出去', 'delivered', 'read');
  await sees(bob, `word ${said}.`);
  const words = async (page: Page) => (await texts(page, /word \d+/)).sort();
  const expected = Array.from({ length: said }, (_, n) => `word ${n + 1}`).sort();
  await expect.poll(() => words(bob), { timeout: 10_000 }).toEqual(expected);
  expect(await words(ann)).toEqual(expected);
  expect(stage.complaints).toEqual([]);
});
