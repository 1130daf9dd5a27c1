// What may come only from one's own account, from nobody else: CVE-2017-5589 and its kin. Each forgery has beside it
// the same thing as it is genuine, so that a test that sees nothing cannot pass.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from '../src/index';
import * as NS from '../src/base/ns';
import { x, type Element } from '../src/xml/element';
import { ScriptedServer } from './script';
import { until } from './until';

const EVIL = 'evil@example.net';
const FRIEND = 'friend@example.org';
let server: ScriptedServer;
let client: Client;

beforeEach(async () => {
  server = new ScriptedServer({ features: [NS.mam, NS.blocking, NS.inbox] });
  client = await server.loggedIn();
  await until(client.connection.state, (s) => s.status === 'online' && !s.syncing);
});
afterEach(() => client.close());

const message = (from: string, body: string, to = 'me@example.org'): Element =>
  x('message', { xmlns: NS.client, type: 'chat', from, to, id: body }, x('body', {}, body));
const forwarded = (stanza: Element): Element => x('forwarded', { xmlns: NS.forward }, x('delay', { xmlns: NS.delay, stamp: '2026-01-01T00:00:00Z' }), stanza);
const carbon = (from: string | null, kind: 'sent' | 'received', inner: Element): Element =>
  x('message', { xmlns: NS.client, from, to: 'me@example.org/here', type: 'chat' }, x(kind, { xmlns: NS.carbons }, forwarded(inner)));

/** Something genuine at the end: when it is there, all before it was looked at. */
async function settled(): Promise<void> {
  const mark = `mark ${Math.random()}`;
  server.push(message('marker@example.org/x', mark));
  await until(client.conversations.list, (l) => l.some((c) => c.last?.text === mark));
}
const bodies = async (jid: string): Promise<readonly string[]> => {
  await settled();
  const timeline = await client.messages.open(jid);
  return timeline.messages.get().map((m) => m.body);
};

test.each([['sent'], ['received']] as const)('a carbon (%s) is believed only from the own bare address', async (kind) => {
  const inner = (body: string): Element => (kind === 'sent' ? message('me@example.org/other', body, FRIEND) : message(`${FRIEND}/x`, body));
  server.push(carbon(EVIL, kind, inner('forged')));
  server.push(carbon(`${EVIL}/x`, kind, inner('forged too')));
  server.push(carbon('example.org', kind, inner('by the server')));
  server.push(carbon('me@example.org/other', kind, inner('by a device')));
  server.push(carbon('me@example.org.evil.net', kind, inner('by a lookalike')));
  server.push(carbon('me@example.org', kind, inner('genuine')));
  expect(await bodies(FRIEND)).toEqual(['genuine']);
});

test('a carbon inside a carbon, or with wrappers of the account inside, changes nothing', async () => {
  server.push(carbon('me@example.org', 'received', carbon('me@example.org', 'received', message(`${FRIEND}/x`, 'nested'))));
  const entry = x('message', { xmlns: NS.client, from: 'me@example.org', type: 'headline' }, x('conversation', { xmlns: NS.ownInbox, jid: FRIEND, pinned: 1 }));
  server.push(carbon('me@example.org', 'received', entry));
  await settled();
  expect(client.conversations.get(FRIEND)).toBeUndefined();
});

test('results of an archive count only when asked for, and only from the own account', async () => {
  const result = (from: string | null, queryid: string, body: string): Element =>
    x('message', { xmlns: NS.client, from }, x('result', { xmlns: NS.mam, queryid, id: body }, forwarded(message(`${FRIEND}/x`, body))));
  server.answers.push((iq, s) => {
    const query = iq.child('query', NS.mam);
    if (!query || query.child('x', NS.data)?.all('field').every((f) => f.textOf('value') !== FRIEND)) return undefined;
    s.push(result(EVIL, query.attr('queryid'), 'forged'));
    s.push(result('me@example.org/other', query.attr('queryid'), 'by a device'));
    s.push(result('me@example.org', 'another', 'not asked'));
    s.push(result(null, query.attr('queryid'), 'genuine'));
    s.push(result('me@example.org', query.attr('queryid'), 'genuine too'));
    return undefined;
  });
  server.push(result('me@example.org', 'guessed', 'unasked'));
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  expect(timeline.messages.get().map((m) => m.body)).toEqual(['genuine', 'genuine too']);
});

test('a message in one\'s archive that is with somebody else does not come up in this conversation', async () => {
  server.answers.push((iq, s) => {
    const query = iq.child('query', NS.mam);
    if (query) s.push(x('message', { xmlns: NS.client }, x('result', { xmlns: NS.mam, queryid: query.attr('queryid'), id: 'a' }, forwarded(message(`${EVIL}/x`, 'not from the friend')))));
    return undefined;
  });
  const timeline = await client.messages.open(FRIEND);
  await until(timeline.status, (s) => s.current);
  expect(timeline.messages.get()).toEqual([]);
});

test('a roster push is believed only from the own account, and only then answered well', async () => {
  const push = (from: string | null, jid: string): Element => x('iq', { xmlns: NS.client, type: 'set', id: jid, from }, x('query', { xmlns: NS.roster }, x('item', { jid, subscription: 'both' })));
  server.push(push(EVIL, 'a@evil'));
  server.push(push('example.org', 'b@evil'));
  server.push(push('me@example.org/other', 'c@evil'));
  server.push(push(null, 'good@example.org'));
  server.push(push('me@example.org', 'better@example.org'));
  const list = await until(client.contacts.list, (l) => l.length === 2);
  expect(list.map((c) => c.jid)).toEqual(['better@example.org', 'good@example.org']);
  for (const jid of ['a@evil', 'b@evil', 'c@evil']) expect((await server.saw((e) => e.name === 'iq' && e.attr('id') === jid)).attr('type')).toBe('error');
  expect((await server.saw((e) => e.attr('id') === 'good@example.org')).attr('type')).toBe('result');
});

test('block list, inbox and conversation pushes too', async () => {
  const block = (from: string | null, jid: string): Element => x('iq', { xmlns: NS.client, type: 'set', id: `b${jid}`, from }, x('block', { xmlns: NS.blocking }, x('item', { jid })));
  let asked = 0;
  server.answers.push((iq) => {
    if (!iq.child('blocklist', NS.blocking)) return undefined;
    asked++;
    return x('iq', { xmlns: NS.client, type: 'result', id: iq.attr('id') }, x('blocklist', { xmlns: NS.blocking }, x('item', { jid: 'spam@example.net' })));
  });
  server.push(block(EVIL, FRIEND));
  server.push(block('me@example.org', 'spam@example.net'));
  const conversation = (from: string | null, unread: number): Element =>
    x('message', { xmlns: NS.client, type: 'headline', from }, x('conversation', { xmlns: NS.ownInbox, jid: FRIEND, unread, pinned: 1 }));
  server.push(message(`${FRIEND}/x`, 'hello'));
  await until(client.conversations.list, (l) => l.some((c) => c.unread === 1));
  server.push(conversation(EVIL, 77));
  server.push(conversation('me@example.org/other', 78));
  const inbox = (from: string | null): Element => x('message', { xmlns: NS.client, from }, x('entry', { xmlns: NS.inbox, jid: 'made-up@example.net', unread: 5, id: '1' }));
  server.push(inbox(EVIL));
  server.push(inbox('me@example.org'));
  await settled();
  await until(client.contacts.blocked, (b) => b.join() === 'spam@example.net');
  expect(asked).toBe(1);
  expect(client.conversations.get(FRIEND)).toMatchObject({ unread: 1, pinned: false });
  expect(client.conversations.get('made-up@example.net')).toBeUndefined();
  server.push(conversation('me@example.org', 3));
  await until(client.conversations.list, (l) => l.some((c) => c.jid === FRIEND && c.unread === 3 && c.pinned));
});

test('an answer counts only from whom was asked', async () => {
  server.answers.push((iq, s) => {
    if (!iq.child('query', 'jabber:iq:last')) return undefined;
    const answer = (from: string | null, seconds: number): Element => x('iq', { xmlns: NS.client, type: 'result', id: iq.attr('id'), from }, x('query', { xmlns: 'jabber:iq:last', seconds }));
    for (const from of [EVIL, null, 'me@example.org', 'example.org', `${FRIEND}/x`]) s.push(answer(from, 1));
    return answer(FRIEND, 3600);
  });
  await client.presence.askLastSeen(FRIEND);
  expect(Date.now() - client.presence.of(FRIEND).get().lastSeen!).toBeGreaterThan(3000_000);
});

test('nobody edits, recalls or marks what is not theirs', async () => {
  const timeline = await client.messages.open(FRIEND);
  const [id] = await client.messages.send(FRIEND, { body: 'mine' });
  await until(timeline.messages, ([m]) => m?.state === 'sent');
  const reference = id!.slice(1);
  server.push(message(`${FRIEND}/x`, 'theirs'));
  await until(timeline.messages, (m) => m.length === 2);
  const from = (who: string, ...children: Element[]): Element => x('message', { xmlns: NS.client, type: 'chat', from: who, to: 'me@example.org', id: Math.random() }, children);
  server.push(from(`${FRIEND}/x`, x('body', {}, 'changed'), x('replace', { xmlns: NS.correct, id: reference })));
  server.push(from(`${FRIEND}/x`, x('retract', { xmlns: NS.retract, id: reference })));
  server.push(from(`${EVIL}/x`, x('retract', { xmlns: NS.retract, id: 'theirs' })));
  server.push(from(`${EVIL}/x`, x('body', {}, 'changed'), x('replace', { xmlns: NS.correct, id: 'theirs' })));
  server.push(from(`${EVIL}/x`, x('displayed', { xmlns: NS.markers, id: reference })));
  server.push(from(`${EVIL}/x`, x('reactions', { xmlns: NS.reactions, id: reference }, x('reaction', {}, '👎'))));
  server.push(x('message', { xmlns: NS.client, type: 'error', from: EVIL, id: reference }, x('error', { type: 'cancel' }, x('forbidden', { xmlns: NS.stanzaErrors }))));
  server.push(from(`${FRIEND}/x`, x('body', {}, 'theirs, better'), x('replace', { xmlns: NS.correct, id: 'theirs' })));
  server.push(from(`${FRIEND}/x`, x('displayed', { xmlns: NS.markers, id: reference })));
  await until(timeline.messages, ([mine, theirs]) => mine!.state === 'read' && theirs!.body === 'theirs, better' && theirs!.edited);
  await settled();
  expect(timeline.messages.get()).toMatchObject([
    { body: 'mine', edited: false, recalled: false, reactions: [] },
    { body: 'theirs, better', recalled: false },
  ]);
});

test('an id that others chose does not hide one\'s own message, nor theirs each other', async () => {
  const timeline = await client.messages.open(FRIEND);
  const [id] = await client.messages.send(FRIEND, { body: 'mine' });
  server.push(x('message', { xmlns: NS.client, type: 'chat', from: `${FRIEND}/x`, to: 'me@example.org', id: id!.slice(1) }, x('body', {}, 'same id')));
  server.push(x('message', { xmlns: NS.client, type: 'chat', from: `${EVIL}/x`, to: 'me@example.org', id: id!.slice(1) }, x('body', {}, 'same id elsewhere')));
  const messages = await until(timeline.messages, (m) => m.length === 2);
  expect(messages.map((m) => m.body)).toEqual(['mine', 'same id']);
  expect(await bodies(EVIL)).toEqual(['same id elsewhere']);
});

test('addresses that would run something are no files', async () => {
  const file = (url: string): Element =>
    x('message', { xmlns: NS.client, type: 'chat', from: `${FRIEND}/x`, to: 'me@example.org', id: url }, x('body', {}, url),
      x('file-sharing', { xmlns: NS.sfs }, x('file', { xmlns: NS.fileMetadata }, x('name', {}, 'x.png')), x('sources', {}, x('url-data', { xmlns: NS.urlData, target: url }))),
      x('x', { xmlns: NS.oob }, x('url', {}, url)));
  const bad = ['javascript:alert(1)', 'data:text/html,x', 'http://example.net/x.png', 'blob:https://x/1', 'file:///etc/passwd', 'https:', '//example.net/x'];
  for (const url of bad) server.push(file(url));
  server.push(file('https://example.net/x.png'));
  const { messages } = await client.messages.open(FRIEND);
  await until(messages, (m) => m.length === bad.length + 1);
  expect(messages.get().map((m) => m.files.map((f) => f.url))).toEqual([...bad.map(() => []), ['https://example.net/x.png']]);
  expect(messages.get().map((m) => m.body)).toEqual([...bad, '']);
});
