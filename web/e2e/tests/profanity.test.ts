// The messenger and profanity in one conversation.
import { afterAll, beforeAll, onTestFinished, test } from 'vitest';
import { attach, choose, has, open, PASSWORD, picture, say, sees, sendFiles, Stage } from './people';
import { Profanity } from './profanity';

let stage: Stage;
beforeAll(async () => { stage = await Stage.start(); });
afterAll(async () => { await stage.stop(); });

test('text both ways, receipts, an answer, a correction, a picture as its address', async () => {
  await stage.server.account('bob', PASSWORD);
  const ann = await stage.register('ann');
  await open(ann, 'bob');
  const bob = await Profanity.open(stage, 'bob', 'ann');
  onTestFinished(() => bob.close());
  await say(ann, '你好 Bob');
  await bob.sees('你好 Bob');
  await has(ann, '你好 Bob', 'delivered', 'read');
  await bob.type('hello from a terminal 鹊桥');
  await sees(ann, 'hello from a terminal');
  await choose(ann, 'hello from a terminal', 'Reply');
  await say(ann, 'an answer');
  await bob.sees('> hello from a terminal 鹊桥');
  await bob.sees('an answer');
  await bob.type('/correct hello from my terminal 鹊桥');
  await sees(ann, 'hello from my terminal');
  await attach(ann, { name: 'blue.png', mimeType: 'image/png', buffer: await picture(ann) });
  await sendFiles(ann);
  await bob.sees('/blue.png');
});
