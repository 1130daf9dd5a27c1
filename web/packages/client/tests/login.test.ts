// Logging in, resuming, tokens, against a server under the test's control.
import { expect, test, vi } from 'vitest';
import * as NS from '../src/base/ns';
import { MemoryStorage } from '../src/storage/memory';
import { ScriptedServer } from './script';
import { until } from './until';

const online = (s: { status: string; syncing?: boolean }): boolean => s.status === 'online' && !s.syncing;

test.each([[true], [false]])('a password logs in and the login is remembered (SASL2: %s)', async (sasl2) => {
  const server = new ScriptedServer({ sasl2, password: 'correct horse' });
  const storage = new MemoryStorage();
  const client = await server.loggedIn(storage);
  await until(client.connection.state, online);
  expect(client.connection.account.get()).toMatchObject({ jid: 'me@example.org', domain: 'example.org' });
  await client.close();
  const login = JSON.stringify(await storage.get('account', 'login'));
  expect(login).not.toContain('correct horse');
  const again = await server.client(storage);
  expect(again.connection.account.get()?.jid).toBe('me@example.org');
  await until(again.connection.state, online);
  await again.close();
});

test('with a token the login is the first frame after <open/>, and asks nothing first', async () => {
  const server = new ScriptedServer();
  const storage = new MemoryStorage();
  await (await server.loggedIn(storage)).close();
  server.received.length = 0;
  const client = await server.client(storage);
  await until(client.connection.state, online);
  expect(server.received.slice(0, 2).map((e) => e.name)).toEqual(['open', 'authenticate']);
  const authenticate = server.received[1]!;
  expect(authenticate.attr('mechanism')).toBe('HT-SHA-256-NONE');
  expect(authenticate.child('bind', NS.bind2)?.child('enable', NS.carbons)).toBeDefined();
  expect(authenticate.child('user-agent')?.attr('id')).toMatch(/^[0-9a-f-]{36}$/);
  await client.close();
});

test('logging out makes the token worthless and leaves nothing behind', async () => {
  const server = new ScriptedServer();
  const storage = new MemoryStorage();
  const client = await server.loggedIn(storage);
  await until(client.connection.state, online);
  client.conversations.setDraft('friend@example.org', 'half a sentence');
  expect(server.tokens.size).toBe(1);
  await client.connection.logout();
  expect(server.tokens.size).toBe(0);
  expect(client.connection.state.get()).toEqual({ status: 'signed-out', reason: null });
  expect(client.connection.account.get()).toBeNull();
  expect(client.conversations.list.get()).toEqual([]);
  for (const table of ['settings', 'contacts', 'conversations', 'messages', 'outbox'] as const) expect(await storage.range(table, '', '\uffff')).toEqual([]);
  expect(await storage.get('account', 'login')).toBeUndefined();
  await client.close();
});

test('a token that is refused ends the login, and says that the password is needed', async () => {
  const server = new ScriptedServer();
  const storage = new MemoryStorage();
  await (await server.loggedIn(storage)).close();
  server.tokens.clear();
  const client = await server.client(storage);
  const reasons: unknown[] = [];
  client.on('signedOut', ({ reason }) => reasons.push(reason));
  await until(client.connection.state, (s) => s.status === 'signed-out' && s.reason === 'session-expired');
  await vi.waitFor(() => expect(reasons).toEqual(['session-expired']));
  await client.close();
});

test.each([[true], [false]])('a wrong password is told, and not tried again (SASL2: %s)', async (sasl2) => {
  const server = new ScriptedServer({ sasl2 });
  const client = await server.client();
  await expect(client.connection.login({ user: 'me', password: 'wrong' })).rejects.toMatchObject({ code: 'wrong-credentials' });
  expect(client.connection.state.get()).toEqual({ status: 'signed-out', reason: null });
  expect(server.connections).toHaveLength(1);
  await client.close();
});

test.each([[true], [false]])('a server that does not know the password is left (SASL2: %s)', async (sasl2) => {
  const server = new ScriptedServer({ sasl2, impostor: true });
  const client = await server.client();
  await expect(client.connection.login({ user: 'me', password: 'secret' })).rejects.toMatchObject({ code: 'insecure' });
  await client.close();
});

test('no password goes to a server without TLS that is not this machine', async () => {
  const server = new ScriptedServer();
  const { createClient } = await import('../src/index');
  const client = await createClient({ domain: 'example.org', websocket: 'ws://example.org/xmpp', WebSocket: server.WebSocket, storage: new MemoryStorage() });
  await expect(client.connection.login({ user: 'me', password: 'secret' })).rejects.toMatchObject({ code: 'insecure' });
  expect(server.connections).toHaveLength(0);
  await client.close();
});

test.each(['', 'a b', 'a/b', 'a@', '@', 'a@b@c', 'a<b', 'x'.repeat(2000)])('%j is not a name', async (user) => {
  const client = await new ScriptedServer().client();
  await expect(client.connection.login({ user, password: 'x' })).rejects.toMatchObject({ code: 'name-invalid' });
  await client.close();
});

test('a cut connection is resumed, and what was not confirmed goes again, once', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  await until(client.connection.state, online);
  const talk = await client.messages.open('friend@example.org');
  server.confirming = false;
  await client.messages.send('friend@example.org', { body: 'lost on the way' });
  await server.saw((e) => e.textOf('body') === 'lost on the way');
  expect(talk.messages.get()[0]!.state).toBe('sending');
  server.confirming = true;
  server.connection.cut();
  await until(client.connection.state, (s) => s.status === 'offline');
  client.connection.retry();
  await until(talk.messages, ([m]) => m?.state === 'sent');
  expect(server.received.filter((e) => e.textOf('body') === 'lost on the way')).toHaveLength(2);
  expect(server.sessions.size).toBe(1);
  expect(client.messages.waiting.get()).toBe(0);
  await client.close();
});

test('what cannot be resumed begins anew, and tells questions that they are lost', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  await until(client.connection.state, online);
  server.answers.push((iq) => (iq.child('query', 'jabber:iq:last') ? 'nothing' : undefined));
  const question = client.presence.askLastSeen('friend@example.org');
  const failed = expect(question).rejects.toMatchObject({ code: 'connection-lost' });
  await server.saw((e) => e.child('query', 'jabber:iq:last') !== undefined);
  server.sessions.clear();
  server.connection.cut();
  await until(client.connection.state, (s) => s.status === 'offline');
  client.connection.retry();
  await failed;
  await until(client.connection.state, online);
  expect(server.sessions.size).toBe(1);
  await client.close();
});

test('waits longer and longer, with jitter, while nothing answers', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  await until(client.connection.state, online);
  server.reachable = false;
  const waits: number[] = [];
  client.connection.state.subscribe((s) => s.status === 'offline' && s.retryAt !== null && waits.push(s.retryAt - Date.now()));
  server.connection.cut();
  for (let tries = 1; tries < 4; tries++) {
    await until(client.connection.state, () => waits.length === tries, `try ${tries}`);
  }
  expect(waits[0]).toBeLessThan(600);
  expect(waits[2]).toBeGreaterThan(waits[0]!);
  server.reachable = true;
  client.connection.retry();
  await until(client.connection.state, online);
  await client.close();
});

test('an error of the stream that says so ends the login', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  await until(client.connection.state, online);
  server.connection.raw(`<error xmlns='${NS.streams}'><conflict xmlns='${NS.streamErrors}'/></error>`);
  await until(client.connection.state, (s) => s.status === 'signed-out' && s.reason === 'signed-out-elsewhere');
  expect(client.connection.account.get()).toBeNull();
  await client.close();
});

test('what is not XML ends the connection, not the login', async () => {
  const server = new ScriptedServer();
  const client = await server.loggedIn();
  await until(client.connection.state, online);
  server.connection.raw('<message xmlns="jabber:client"><!-- x --></message>');
  await until(client.connection.state, (s) => s.status === 'offline');
  client.connection.retry();
  await until(client.connection.state, online);
  await client.close();
});
