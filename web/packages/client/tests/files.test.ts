// Files in messages: uploaded, described, shown, refused, taken back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../src/index';
import { People } from './people';
import { until } from './until';

let people: People;
beforeAll(async () => {
  people = await People.start('[features.uploads]\nfile_mib = 1\n');
});
afterAll(() => people.stop());

const PNG = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0));
const picture = { blob: new Blob([PNG], { type: 'image/png' }), name: '照片 1.png', width: 1, height: 1 };

test('a picture with words, and a second one: two messages, with all that is known of them', async () => {
  const [ann, ben] = await people.register('ann', 'ben');
  const here = await ann!.messages.open('ben@localhost');
  const there = await ben!.messages.open('ann@localhost');
  const ids = await ann!.messages.send('ben@localhost', { body: '看这个', files: [picture, { blob: new Blob(['plain']), name: 'notes.txt' }] });
  expect(ids).toHaveLength(2);
  expect(here.messages.get().map((m) => [m.state, m.files[0]!.local !== null])).toEqual([['uploading', true], ['uploading', true]]);
  await until(here.messages, (m) => m.every((one) => one.state === 'delivered'));
  const [first, second] = await until(there.messages, (m) => m.length === 2);
  expect(first).toMatchObject({ body: '看这个', files: [{ name: '照片 1.png', type: 'image/png', size: PNG.length, width: 1, height: 1 }] });
  expect(second).toMatchObject({ body: '', files: [{ name: 'notes.txt', size: 5, thumbnail: null }] });
  const [file] = first!.files;
  expect(new Uint8Array(await (await fetch(file!.url)).arrayBuffer())).toEqual(PNG);
  expect((await fetch(file!.thumbnail!)).headers.get('content-type')).toMatch(/^image\/(png|jpeg)/);
  expect(await ben!.files.info(file!.url)).toMatchObject({ type: 'image/png', size: PNG.length, width: 1, height: 1 });
  await until(ben!.conversations.list, ([c]) => c!.last!.kind === 'file' && c!.last!.text === 'notes.txt');
});

test('forwarded, a file is not uploaded again', async () => {
  const [cat, dan, eve] = await people.register('cat', 'dan', 'eve');
  const [id] = await cat!.messages.send('dan@localhost', { files: [picture] });
  const here = await cat!.messages.open('dan@localhost');
  await until(here.messages, ([m]) => m?.state === 'delivered');
  await cat!.messages.forward('dan@localhost', [id!], ['eve@localhost']);
  const there = await eve!.messages.open('cat@localhost');
  const [message] = await until(there.messages, (m) => m.length === 1);
  expect(message).toMatchObject({ body: '', files: [{ name: '照片 1.png', url: here.messages.get()[0]!.files[0]!.url }] });
  await dan!.close();
});

const failed = ([m]: readonly Message[]): boolean => m?.state === 'failed';

test('one that is too large fails at once and says so; the words in the same message are not lost', async () => {
  const [fay] = await people.register('fay', 'gil');
  const timeline = await fay!.messages.open('gil@localhost');
  const big = { blob: new Blob([new Uint8Array(2 ** 21)]), name: 'big.bin' };
  const [id] = await fay!.messages.send('gil@localhost', { body: 'my words', files: [big] });
  await until(timeline.messages, failed);
  expect(timeline.messages.get()[0]).toMatchObject({ error: 'too-large', body: 'my words' });
  expect(fay!.connection.features.get().uploadLimit).toBe(2 ** 20);
  await expect(fay!.files.upload(big)).rejects.toMatchObject({ code: 'too-large', details: { limit: 2 ** 20 } });
  await fay!.messages.cancel('gil@localhost', id!);
  expect(timeline.messages.get()).toEqual([]);
});

test('chosen without a network, it goes out after a reload', async () => {
  const [hal, ida] = await people.register('hal', 'ida');
  await hal!.close();
  const offline = await people.offline(people.storageOf('hal'));
  const [id] = await offline.messages.send('ida@localhost', { body: 'later', files: [picture] });
  const waiting = await offline.messages.open('ida@localhost');
  expect(waiting.messages.get()[0]).toMatchObject({ id, state: 'uploading' });
  await offline.close();
  const back = await people.login('hal', people.storageOf('hal'));
  const timeline = await back.messages.open('ida@localhost');
  await until(timeline.messages, ([m]) => m?.state === 'delivered');
  const there = await ida!.messages.open('hal@localhost');
  await until(there.messages, ([m]) => m?.body === 'later' && m?.files.length === 1);
});
