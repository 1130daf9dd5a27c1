// Holes, page boundaries, equal times and things that come in the wrong order, with an archive under control.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client, Message } from '../src/index';
import * as NS from '../src/base/ns';
import { MemoryStorage } from '../src/storage/memory';
import { x, type Element } from '../src/xml/element';
import { ScriptedArchive, ScriptedServer } from './script';
import { until } from './until';

const FRIEND = 'friend@example.org';
let server: ScriptedServer;
let archive: ScriptedArchive;
let storage: MemoryStorage;
let client: Client;

const bodies = (messages: readonly Message[]): string[] => messages.map((m) => m.body);
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
const said = (body: string, ...more: Element[]): Element =>
  x('message', { xmlns: NS.client, type: 'chat', from: `${FRIEND}/x`, to: 'me@example.org', id: `id-${body}` }, x('body', {}, body), more);
const stampOf = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
/** Into the archive, without being told to the client. */
const missed = (from: number, to: number): void => numbers(from, to).forEach((n) => void archive.add(said(n), stampOf(Number(n))));
/** Into the archive, and told. */
function live(body: string): void {
  const id = archive.add(said(body), new Date().toISOString());
  server.push(said(body, x('stanza-id', { xmlns: NS.sid, by: 'me@example.org', id })));
}
const online = (c: Client): Promise<unknown> => until(c.connection.state, (s) => s.status === 'online' && !s.syncing);

beforeEach(async () => {
  // With an inbox nothing reads the archive but the conversations themselves.
  server = new ScriptedServer({ features: [NS.mam, NS.inbox] });
  archive = new ScriptedArchive();
  server.answers.push(archive.answer);
  storage = new MemoryStorage();
  client = await server.loggedIn(storage);
  await online(client);
});
afterEach(() => client.close());

/** The next start of the same device; `meanwhile` happens while it is away. */
async function again(meanwhile = (): void => {}): Promise<void> {
  await client.close();
  server.sessions.clear();
  server.received.length = 0;
  meanwhile();
  client = await server.client(storage);
  await online(client);
}

test('pages join at every boundary', async () => {
  missed(1, 250);
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  expect(bodies(timeline.messages.get())).toEqual(numbers(201, 250));
  const lengths = [];
  while (await timeline.older()) lengths.push(timeline.messages.get().length);
  expect(lengths).toEqual([100, 150, 200, 250]);
  expect(bodies(timeline.messages.get())).toEqual(numbers(1, 250));
  expect(timeline.status.get().atStart).toBe(true);
});

test('a live message before the archive\'s answer makes no hole, now or after the next start', async () => {
  missed(1, 10);
  const first = await client.messages.open(FRIEND);
  await until(first.status, (s) => s.current);
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  await again(() => {
    missed(11, 40);
    server.answers.unshift((iq, s) => {
      if (!iq.child('query', NS.mam)) return undefined;
      // Asked, but answered only after the live message.
      void held.then(() => {
        server.answers.shift();
        s.push(archive.answer(iq, s) as Element);
      });
      return 'nothing';
    });
  });
  const timeline = await client.messages.open(FRIEND);
  await server.saw((e) => e.child('query', NS.mam) !== undefined);
  live('41');
  await until(timeline.messages, (m) => bodies(m).includes('41'));
  expect(bodies(timeline.messages.get())).toEqual([...numbers(1, 10), '41']);
  expect(timeline.status.get().current).toBe(false);
  release();
  await until(timeline.status, (s) => s.current);
  expect(bodies(timeline.messages.get())).toEqual(numbers(1, 41));
  live('42');
  await until(timeline.messages, (m) => m.length === 42);
  await again();
  const painted = await client.messages.open(FRIEND);
  expect(bodies(painted.messages.get())).toEqual(numbers(1, 42));
});

test('killed between the live message and the archive\'s answer: the hole is closed at the next start', async () => {
  missed(1, 10);
  const first = await client.messages.open(FRIEND);
  await until(first.status, (s) => s.current);
  await again(() => {
    missed(11, 140);
    server.answers.unshift((iq) => (iq.child('query', NS.mam) ? 'nothing' : undefined));
  });
  const timeline = await client.messages.open(FRIEND);
  live('141');
  await until(timeline.messages, (m) => bodies(m).includes('141'));
  server.answers.shift();
  await again();
  const back = await client.messages.open(FRIEND);
  await until(back.status, (s) => s.current);
  expect(bodies(back.messages.get())).toEqual(numbers(1, 141));
});

test('a gap that is too large is left, and closed when one scrolls up to it', async () => {
  missed(1, 30);
  const first = await client.messages.open(FRIEND);
  await until(first.status, (s) => s.current);
  await again(() => missed(31, 500));
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  expect(bodies(timeline.messages.get())).toEqual(numbers(201, 500));
  while (await timeline.older());
  expect(bodies(timeline.messages.get())).toEqual(numbers(1, 500));
});

test('equal times keep the archive\'s order, within a page and across pages', async () => {
  for (const n of numbers(1, 130)) archive.add(said(n), stampOf(Math.floor(Number(n) / 40)));
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  while (await timeline.older());
  expect(bodies(timeline.messages.get())).toEqual(numbers(1, 130));
  await again();
  const painted = await client.messages.open(FRIEND);
  await until(painted.status, (s) => s.current);
  while (await painted.older());
  expect(bodies(painted.messages.get())).toEqual(numbers(1, 130));
});

test('changes that are read before what they change are kept for it', async () => {
  const update = (id: string, ...payload: Element[]): Element => x('message', { xmlns: NS.client, type: 'chat', from: `${FRIEND}/x`, to: 'me@example.org', id }, payload);
  missed(1, 3);
  missed(10, 80);
  archive.add(update('e1', x('body', {}, 'edited once'), x('replace', { xmlns: NS.correct, id: 'id-2' })), stampOf(100));
  archive.add(update('e2', x('body', {}, 'edited twice'), x('replace', { xmlns: NS.correct, id: 'id-2' })), stampOf(101));
  archive.add(update('r1', x('reactions', { xmlns: NS.reactions, id: 'id-2' }, x('reaction', {}, '👍'))), stampOf(102));
  archive.add(update('r2', x('reactions', { xmlns: NS.reactions, id: 'id-2' }, x('reaction', {}, '🎉'))), stampOf(103));
  archive.add(update('x1', x('retract', { xmlns: NS.retract, id: 'id-3' })), stampOf(104));
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  while (await timeline.older());
  const [one, two, three] = timeline.messages.get();
  expect(one).toMatchObject({ body: '1', edited: false });
  expect(two).toMatchObject({ body: 'edited twice', edited: true, reactions: [{ emoji: '🎉', by: [FRIEND], mine: false }] });
  expect(three).toMatchObject({ body: '', recalled: true });
});

test('a message that comes live, by carbon and in the archive is one message', async () => {
  const id = archive.add(said('once'), stampOf(1));
  const mark = x('stanza-id', { xmlns: NS.sid, by: 'me@example.org', id });
  server.push(said('once', mark));
  server.push(said('once', mark));
  server.push(x('message', { xmlns: NS.client, from: 'me@example.org' }, x('received', { xmlns: NS.carbons }, x('forwarded', { xmlns: NS.forward }, said('once', mark)))));
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  live('then');
  await until(timeline.messages, (m) => m.length === 2);
  expect(bodies(timeline.messages.get())).toEqual(['once', 'then']);
  await until(client.conversations.of(FRIEND), (c) => c?.unread === 2);
});

test('an id that a client uses again after its restart hides nothing', async () => {
  const same = (body: string): Element => x('message', { xmlns: NS.client, type: 'chat', from: `${FRIEND}/x`, to: 'me@example.org', id: '1' }, x('body', {}, body));
  archive.add(same('first'), stampOf(1));
  archive.add(same('second'), stampOf(2));
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  expect(bodies(timeline.messages.get())).toEqual(['first', 'second']);
});

test('a clock that is wrong does not mix up what comes live with what the archive has', async () => {
  missed(1, 5);
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  const future = archive.add(said('6'), new Date(Date.now() + 3600_000).toISOString());
  server.push(said('6', x('stanza-id', { xmlns: NS.sid, by: 'me@example.org', id: future })));
  live('7');
  await until(timeline.messages, (m) => m.length === 7);
  await client.messages.send(FRIEND, { body: '8' });
  expect(bodies(timeline.messages.get())).toEqual(numbers(1, 8));
});
