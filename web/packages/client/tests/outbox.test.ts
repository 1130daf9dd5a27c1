// Nothing that was sent is lost or doubled: reload, no network, a server that dies, a refusal.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../src/index';
import * as NS from '../src/base/ns';
import { MemoryStorage } from '../src/storage/memory';
import { x, type Element } from '../src/xml/element';
import { People } from './people';
import { ScriptedArchive, ScriptedServer } from './script';
import { until } from './until';

let people: People;
beforeAll(async () => {
  people = await People.start();
});
afterAll(() => people.stop());

const bodies = (messages: readonly Message[]): string[] => messages.map((m) => m.body);
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));

test('the server dies in the middle of sending: all arrive, once, in order', async () => {
  const [ann, ben] = await people.register('ann', 'ben');
  const there = await ben!.messages.open('ann@localhost');
  const here = await ann!.messages.open('ben@localhost');
  for (const body of numbers(1, 20)) await ann!.messages.send('ben@localhost', { body });
  await until(here.messages, (m) => m.some((one) => one.state !== 'sending'));
  await people.server.kill();
  for (const body of numbers(21, 30)) await ann!.messages.send('ben@localhost', { body });
  expect(here.messages.get().slice(-10).map((m) => m.state)).toEqual(Array(10).fill('sending'));
  await people.server.up();
  ann!.connection.retry();
  ben!.connection.retry();
  await until(ann!.messages.waiting, (n) => n === 0);
  await until(there.messages, (m) => m.length === 30);
  expect(bodies(there.messages.get())).toEqual(numbers(1, 30));
  // Receipts that died with the server are not sent again.
  await until(here.messages, (m) => m.every((one) => one.state !== 'sending') && m.slice(20).every((one) => one.state === 'delivered'));
  const fresh = await people.login('ben');
  const whole = await fresh.messages.open('ann@localhost');
  await until(whole.status, (s) => s.current);
  while (await whole.older());
  expect(bodies(whole.messages.get())).toEqual(numbers(1, 30));
});

test('what was written without a network goes out after a reload', async () => {
  const [cat, dan] = await people.register('cat', 'dan');
  await cat!.close();
  const offline = await people.offline(people.storageOf('cat'));
  const [id] = await offline.messages.send('dan@localhost', { body: 'written on a train' });
  expect(offline.messages.waiting.get()).toBe(1);
  await offline.close();
  const back = await people.login('cat', people.storageOf('cat'));
  const timeline = await back.messages.open('dan@localhost');
  await until(timeline.messages, ([m]) => m?.id === id && m?.state === 'delivered');
  const there = await dan!.messages.open('cat@localhost');
  await until(there.messages, (m) => m.length === 1);
  expect(back.messages.waiting.get()).toBe(0);
});

/** A device whose storage stands still at a moment: what a killed tab leaves. */
function copyOf(storage: MemoryStorage): MemoryStorage {
  return structuredCloneInto(storage, new MemoryStorage());
}
function structuredCloneInto(from: MemoryStorage, to: MemoryStorage): MemoryStorage {
  const tables = (from as unknown as { tables: Map<string, Map<string, unknown>> }).tables;
  (to as unknown as { tables: Map<string, Map<string, unknown>> }).tables = new Map([...tables].map(([name, table]) => [name, new Map(table)]));
  return to;
}

test.each([[true], [false]])('killed after the message went out, before the confirmation (stored by the server: %s)', async (stored) => {
  const server = new ScriptedServer();
  const archive = new ScriptedArchive();
  server.answers.push(archive.answer);
  const storage = new MemoryStorage();
  const client = await server.loggedIn(storage);
  await until(client.connection.state, (s) => s.status === 'online' && !s.syncing);
  server.confirming = false;
  const [id] = await client.messages.send('friend@example.org', { body: 'once' });
  const sent = await server.saw((e) => e.textOf('body') === 'once');
  const left = copyOf(storage);
  await client.close();
  if (stored) archive.add(sent.with({ from: 'me@example.org/x' }), new Date().toISOString());
  server.confirming = true;
  server.sessions.clear();
  server.received.length = 0;
  const back = await server.client(left);
  await until(back.connection.state, (s) => s.status === 'online' && !s.syncing);
  const timeline = await back.messages.open('friend@example.org');
  await until(timeline.messages, ([m]) => m?.state === 'sent');
  expect(timeline.messages.get()).toMatchObject([{ id, body: 'once', state: 'sent' }]);
  const again = server.received.filter((e) => e.textOf('body') === 'once');
  expect(again.map((e) => e.child('origin-id', NS.sid)?.attr('id'))).toEqual(stored ? [] : [id!.slice(1)]);
  expect(back.messages.waiting.get()).toBe(0);
  await back.close();
});

test('"sent" only when the server has confirmed it', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  const timeline = await client.messages.open('friend@example.org');
  server.confirming = false;
  await client.messages.send('friend@example.org', { body: 'x' });
  await server.saw((e) => e.textOf('body') === 'x');
  await server.saw((e) => e.ns === NS.sm && e.name === 'r');
  expect(timeline.messages.get()[0]!.state).toBe('sending');
  server.confirming = true;
  server.push(x('a', { xmlns: NS.sm, h: 99 }));
  await until(client.connection.state, (s) => s.status === 'offline');
  expect(timeline.messages.get()[0]!.state).toBe('sending');
  client.connection.retry();
  await until(timeline.messages, ([m]) => m?.state === 'sent');
  await client.close();
});

test('what was read while an earlier mark was on its way is marked too', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  await until(client.connection.state, (s) => s.status === 'online' && !s.syncing);
  const timeline = await client.messages.open('friend@example.org');
  const says = (id: string) => server.push(x('message', { xmlns: NS.client, type: 'chat', from: 'friend@example.org/x', to: 'me@example.org', id }, x('body', {}, id)));
  for (const id of ['one', 'two']) says(id);
  const [one, two] = await until(timeline.messages, (m) => m.length === 2);
  const marks = (id: string) => (e: Element) => e.child('displayed', NS.markers)?.attr('id') === id;
  server.confirming = false;
  await client.messages.displayed('friend@example.org', one!.id);
  await server.saw(marks('one'));
  await client.messages.displayed('friend@example.org', two!.id);
  server.confirming = true;
  server.connection.confirm();
  await server.saw(marks('two'));
  expect(server.sessions.size).toBe(1);
  await client.close();
});

test('a refusal says why, keeps the text, and a retry goes under the same id', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  const timeline = await client.messages.open('friend@example.org');
  const [id] = await client.messages.send('friend@example.org', { body: 'let me in' });
  const stanza = await server.saw((e) => e.textOf('body') === 'let me in');
  server.push(x('message', { xmlns: NS.client, type: 'error', from: 'friend@example.org', to: 'me@example.org', id: stanza.attr('id') }, x('error', { type: 'cancel' }, x('not-acceptable', { xmlns: NS.stanzaErrors }), x('blocked', { xmlns: 'urn:xmpp:blocking:errors' }))));
  await until(timeline.messages, ([m]) => m?.state === 'failed');
  expect(timeline.messages.get()[0]).toMatchObject({ error: 'blocked', body: 'let me in' });
  server.received.length = 0;
  await client.messages.retry('friend@example.org', id!);
  await until(timeline.messages, ([m]) => m?.state === 'sent');
  const again = await server.saw((e) => e.textOf('body') === 'let me in');
  expect(again.attr('id')).toBe(stanza.attr('id'));
  expect(timeline.messages.get()).toHaveLength(1);
  await client.close();
});

test('what was not on the wire yet can be taken back; what was, cannot', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  await until(client.connection.state, (s) => s.status === 'online' && !s.syncing);
  const timeline = await client.messages.open('friend@example.org');
  server.reachable = false;
  server.connection.cut();
  await until(client.connection.state, (s) => s.status !== 'online');
  const [id] = await client.messages.send('friend@example.org', { body: 'too early' });
  await client.messages.cancel('friend@example.org', id!);
  expect(timeline.messages.get()).toEqual([]);
  expect(client.messages.waiting.get()).toBe(0);
  server.reachable = true;
  client.connection.retry();
  const [second] = await client.messages.send('friend@example.org', { body: 'gone out' });
  await until(timeline.messages, ([m]) => m?.state === 'sent');
  await expect(client.messages.cancel('friend@example.org', second!)).rejects.toMatchObject({ code: 'not-allowed' });
  expect(server.received.filter((e) => e.textOf('body') === 'too early')).toEqual([]);
  await client.close();
});

test('a text that no server takes is refused before it is anywhere', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  const timeline = await client.messages.open('friend@example.org');
  await expect(client.messages.send('friend@example.org', { body: '<'.repeat(6_000) })).rejects.toMatchObject({ code: 'too-large' });
  expect(timeline.messages.get()).toEqual([]);
  expect(client.messages.waiting.get()).toBe(0);
  await client.messages.send('friend@example.org', { body: '长'.repeat(19_000) });
  await until(timeline.messages, ([m]) => m?.state === 'sent');
  await client.close();
});

test('a storage that refuses is told to who sends', async () => {
  const server = new ScriptedServer();
  class Full extends MemoryStorage {
    full = false;
    override async write(changes: Parameters<MemoryStorage['write']>[0]): Promise<void> {
      if (this.full) throw new Error('QuotaExceededError');
      return super.write(changes);
    }
  }
  const storage = new Full();
  const client = await server.loggedIn(storage);
  await until(client.connection.state, (s) => s.status === 'online' && !s.syncing);
  storage.full = true;
  await expect(client.messages.send('friend@example.org', { body: 'x' })).rejects.toMatchObject({ code: 'storage-failed' });
  storage.full = false;
  await client.close();
});

test('a change that is refused is taken back, and said; others cannot feign a refusal', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  const timeline = await client.messages.open('friend@example.org');
  const [id] = await client.messages.send('friend@example.org', { body: 'too old to recall' });
  await until(timeline.messages, ([m]) => m?.state === 'sent');
  const troubles: string[] = [];
  client.on('trouble', ({ code }) => troubles.push(code));
  await client.messages.recall('friend@example.org', id!);
  expect(timeline.messages.get()[0]).toMatchObject({ recalled: true, body: '' });
  const stanza = await server.saw((e) => e.child('retract', NS.retract) !== undefined);
  const refusal = (from: string) => x('message', { xmlns: NS.client, type: 'error', from, id: stanza.attr('id') }, x('error', { type: 'cancel' }, x('not-allowed', { xmlns: NS.stanzaErrors })));
  server.push(refusal('evil@example.net'));
  server.push(x('message', { xmlns: NS.client, type: 'chat', from: 'friend@example.org/x', to: 'me@example.org', id: 'm' }, x('body', {}, 'mark')));
  await until(timeline.messages, (m) => m.length === 2);
  expect(timeline.messages.get()[0]!.recalled).toBe(true);
  server.push(refusal('friend@example.org'));
  await until(timeline.messages, ([m]) => m!.body === 'too old to recall' && !m!.recalled);
  expect(troubles).toEqual(['not-allowed']);
  await client.close();
});
