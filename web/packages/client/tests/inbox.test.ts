// The server's list of conversations (0430): what one did with it is on every device, and a new device has it at once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { People } from './people';
import { until } from './until';

let people: People;
beforeAll(async () => {
  people = await People.start();
});
afterAll(() => people.stop());

test('pinned, muted, marked: on the other device, and on a new one', async () => {
  const [ann, ben, cat] = await people.register('ann', 'ben', 'cat');
  const second = await people.login('ann');
  await ben!.messages.send('ann@localhost', { body: 'from ben' });
  await cat!.messages.send('ann@localhost', { body: 'from cat' });
  await until(ann!.conversations.list, (l) => l.length === 2);
  await until(second.conversations.list, (l) => l.length === 2);
  await ann!.conversations.setPinned('ben@localhost', true);
  await ann!.conversations.setMuted('ben@localhost', true);
  await ann!.conversations.setMarked('cat@localhost', true);
  const third = await people.login('ann');
  for (const device of [ann!, second, third]) {
    const [first, next] = await until(device.conversations.list, ([a, b]) => !!a?.pinned && a.muted && !!b?.marked);
    expect(first).toMatchObject({ jid: 'ben@localhost', unread: 1, pinned: true, muted: true, marked: false, last: { text: 'from ben' } });
    expect(next).toMatchObject({ jid: 'cat@localhost', unread: 1, pinned: false, muted: false, marked: true });
    // Muted ones do not count.
    expect(device.conversations.unread.get()).toBe(1);
  }
  const talk = await second.messages.open('cat@localhost');
  const [message] = await until(talk.messages, (m) => m.length === 1);
  await second.messages.displayed('cat@localhost', message!.id);
  for (const device of [ann!, second, third]) await until(device.conversations.of('cat@localhost'), (c) => c?.unread === 0 && !c.marked);
});

test('hidden, until the next message', async () => {
  const [dan, eve] = await people.register('dan', 'eve');
  const second = await people.login('dan');
  await eve!.messages.send('dan@localhost', { body: 'one' });
  for (const device of [dan!, second]) await until(device.conversations.list, ([c]) => c?.unread === 1);
  await dan!.conversations.hide('eve@localhost');
  expect(dan!.conversations.get('eve@localhost')).toBeUndefined();
  await until(second.conversations.list, (l) => l.length === 0);
  expect((await people.login('dan')).conversations.list.get()).toEqual([]);
  await eve!.messages.send('dan@localhost', { body: 'two' });
  for (const device of [dan!, second]) await until(device.conversations.list, ([c]) => c?.last?.text === 'two');
});

test('what came while away is unread, once, and arrives at who wrote it without being opened', async () => {
  const [fay, gil] = await people.register('fay', 'gil');
  await fay!.messages.send('gil@localhost', { body: 'before' });
  await until(gil!.conversations.list, ([c]) => c?.unread === 1);
  const talk = await gil!.messages.open('fay@localhost');
  await until(talk.status, (s) => s.current);
  await gil!.messages.displayed('fay@localhost', talk.messages.get()[0]!.id);
  await until(gil!.messages.waiting, (n) => n === 0);
  await gil!.close();
  for (const body of ['1', '2', '3']) await fay!.messages.send('gil@localhost', { body });
  await until(fay!.messages.waiting, (n) => n === 0);
  const back = await people.login('gil', people.storageOf('gil'));
  await until(back.conversations.list, ([c]) => c?.unread === 3 && c.last?.text === '3');
  const sent = await fay!.messages.open('gil@localhost');
  await until(sent.messages, (m) => m.length === 4 && m.slice(1).every((one) => one.state === 'delivered'));
  expect(back.conversations.list.get()[0]!.unread).toBe(3);
  const opened = await back.messages.open('fay@localhost');
  await until(opened.status, (s) => s.current);
  expect(opened.messages.get().map((m) => m.body)).toEqual(['before', '1', '2', '3']);
  expect(opened.firstUnread).toBe(opened.messages.get()[1]!.id);
});

test('a list that is longer than a page is whole on a new device', async () => {
  const names = Array.from({ length: 520 }, (_, n) => `many${n}`);
  await Promise.all([0, 1, 2, 3].map(async (part) => {
    for (const name of names.filter((_, n) => n % 4 === part)) await people.account(name);
  }));
  const [hub] = await people.register('hub');
  for (const name of names) await hub!.messages.send(`${name}@localhost`, { body: `hello ${name}` });
  await until(hub!.messages.waiting, (n) => n === 0);
  const list = (await people.login('hub')).conversations.list.get();
  expect(list.map((c) => c.jid)).toEqual(names.map((name) => `${name}@localhost`).reverse());
  expect(list.at(-1)).toMatchObject({ unread: 0, last: { text: 'hello many0' } });
});
