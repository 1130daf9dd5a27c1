// Conversations without holes and without doubles, against the real server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client, Message } from '../src/index';
import { MemoryStorage } from '../src/storage/memory';
import { People } from './people';
import { until } from './until';

let people: People;
beforeAll(async () => {
  people = await People.start();
});
afterAll(() => people.stop());

const bodies = (messages: readonly Message[]): string[] => messages.map((m) => m.body);
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));

async function say(client: Client, to: string, from: number, upTo: number): Promise<void> {
  for (const body of numbers(from, upTo)) await client.messages.send(to, { body });
  await until(client.messages.waiting, (n) => n === 0);
}

test('all is there once, upward to the beginning, receipts in between or not', async () => {
  const [ann, ben] = await people.register('ann', 'ben');
  await say(ann!, 'ben@localhost', 1, 130);
  await ben!.close();
  const fresh = await people.login('ben');
  const timeline = await fresh.messages.open('ann@localhost');
  await until(timeline.status, (s) => s.current);
  const first = bodies(timeline.messages.get());
  expect(first.length).toBeGreaterThanOrEqual(30);
  expect(first).toEqual(numbers(131 - first.length, 130));
  while (await timeline.older());
  expect(bodies(timeline.messages.get())).toEqual(numbers(1, 130));
  expect(timeline.status.get().atStart).toBe(true);
  expect(new Set(timeline.messages.get().map((m) => m.id)).size).toBe(130);
});

test('what was missed while away is found, in its place, though a live message came first', async () => {
  const [cat, dan] = await people.register('cat', 'dan');
  const storage = people.storageOf('dan');
  await say(cat!, 'dan@localhost', 1, 5);
  const before = await dan!.messages.open('cat@localhost');
  await until(before.messages, (m) => m.length === 5);
  await until(before.status, (s) => s.current);
  await dan!.close();
  await say(cat!, 'dan@localhost', 6, 70);
  const back = await people.login('dan', storage);
  const painted = await back.messages.open('cat@localhost');
  const seen: string[][] = [];
  painted.messages.subscribe((m) => seen.push(bodies(m)));
  await say(cat!, 'dan@localhost', 71, 72);
  await until(painted.status, (s) => s.current);
  await until(painted.messages, (m) => m.length === 72);
  expect(bodies(painted.messages.get())).toEqual(numbers(1, 72));
  for (const state of seen) expect(state.map(Number)).toEqual([...state].map(Number).sort((a, b) => a - b));
});

test('it is painted from the cache without a network, drafts and list included', async () => {
  const [gil, hal] = await people.register('gil', 'hal');
  await say(gil!, 'hal@localhost', 1, 3);
  const timeline = await hal!.messages.open('gil@localhost');
  await until(timeline.messages, (m) => m.length === 3);
  await until(timeline.status, (s) => s.current);
  await hal!.conversations.setDraft('gil@localhost', '还没写完');
  await hal!.close();
  const offline = await people.offline(people.storageOf('hal'));
  expect(offline.connection.account.get()?.jid).toBe('hal@localhost');
  expect(offline.conversations.list.get()).toMatchObject([{ jid: 'gil@localhost', draft: '还没写完', last: { text: '3' } }]);
  const painted = await offline.messages.open('gil@localhost');
  expect(bodies(painted.messages.get())).toEqual(['1', '2', '3']);
  expect(painted.status.get()).toMatchObject({ current: false, loading: false });
});

test('another device of one\'s own sees what this one sends, and what was read', async () => {
  const [ida, jon] = await people.register('ida', 'jon');
  const second = await people.login('jon');
  await say(ida!, 'jon@localhost', 1, 2);
  await until(second.conversations.list, (l) => l[0]?.unread === 2);
  const here = await jon!.messages.open('ida@localhost');
  await until(here.messages, (m) => m.length === 2);
  await jon!.messages.send('ida@localhost', { body: 'answer' });
  const there = await second.messages.open('ida@localhost');
  const messages = await until(there.messages, (m) => m.length === 3);
  expect(messages[2]).toMatchObject({ body: 'answer', mine: true, author: 'jon@localhost' });
  await until(second.conversations.list, (l) => l[0]?.unread === 0);
  await say(ida!, 'jon@localhost', 3, 3);
  const [, , , third] = await until(here.messages, (m) => m.length === 4);
  await until(second.conversations.list, (l) => l[0]?.unread === 1);
  await jon!.messages.displayed('ida@localhost', third!.id);
  await until(second.conversations.list, (l) => l[0]?.unread === 0);
});

test('what was read stays read, whatever is displayed after it', async () => {
  const [una, vic] = await people.register('una', 'vic');
  await say(una!, 'vic@localhost', 1, 40);
  const here = await vic!.messages.open('una@localhost');
  const messages = await until(here.messages, (m) => m.length === 40);
  const unread = vic!.conversations.of('una@localhost');
  // The first has more to count than the last, and is there later.
  await Promise.all([messages[0]!, messages[39]!, messages[9]!].map(({ id }) => vic!.messages.displayed('una@localhost', id)));
  await until(unread, (c) => c?.unread === 0);
  await say(una!, 'vic@localhost', 41, 41);
  await until(here.messages, (m) => m.length === 41);
  await until(unread, (c) => c?.unread === 1);
});

test('search finds part of a Chinese sentence, further back than what is loaded', async () => {
  const [kim, lea] = await people.register('kim', 'lea');
  await kim!.messages.send('lea@localhost', { body: '我觉得行高应该再大一点' });
  await say(kim!, 'lea@localhost', 1, 120);
  const fresh = await people.login('lea');
  const { hits, more } = await fresh.messages.search('kim@localhost', '行高');
  expect(bodies(hits)).toEqual(['我觉得行高应该再大一点']);
  expect(more).toBeNull();
  expect((await fresh.messages.search('kim@localhost', '没有')).hits).toEqual([]);
  expect(bodies((await fresh.messages.search('kim@localhost', '119')).hits)).toEqual(['119']);
  const timeline = await fresh.messages.open('kim@localhost');
  expect(await timeline.reveal(hits[0]!.id)).toMatchObject({ body: '我觉得行高应该再大一点' });
  await lea!.close();
});

test('a message deleted here stays away, on this device alone', async () => {
  const [mia, ned] = await people.register('mia', 'ned');
  await say(mia!, 'ned@localhost', 1, 3);
  const timeline = await ned!.messages.open('mia@localhost');
  const [, second] = await until(timeline.messages, (m) => m.length === 3);
  await ned!.messages.remove('mia@localhost', second!.id);
  await until(timeline.messages, (m) => m.length === 2);
  await ned!.close();
  const back = await people.login('ned', people.storageOf('ned'));
  const again = await back.messages.open('mia@localhost');
  await until(again.status, (s) => s.current);
  expect(bodies(again.messages.get())).toEqual(['1', '3']);
  const other = await people.login('ned', new MemoryStorage());
  const whole = await other.messages.open('mia@localhost');
  await until(whole.status, (s) => s.current);
  expect(bodies(whole.messages.get())).toEqual(['1', '2', '3']);
});
