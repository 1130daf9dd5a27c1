// Two people who have only this SDK and a server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, type Client } from '../src/index';
import { MemoryStorage } from '../src/storage/memory';
import { Server } from './server';
import { until } from './until';

let server: Server;
const clients: Client[] = [];

export async function client(storage = new MemoryStorage()): Promise<Client> {
  const made = await createClient({ domain: 'localhost', websocket: server.websocket, storage });
  clients.push(made);
  return made;
}

beforeAll(async () => {
  server = await Server.start();
});
afterAll(async () => {
  await Promise.all(clients.map((c) => c.close()));
  await server.stop();
});

test('register, send, receive, delivered, read, history', async () => {
  const [alice, bob] = [await client(), await client()];
  await alice.connection.register({ user: 'alice', password: 'secret one' });
  await bob.connection.register({ user: 'bob', password: 'secret two' });
  await until(alice.connection.state, (s) => s.status === 'online' && !s.syncing);
  await until(bob.connection.state, (s) => s.status === 'online' && !s.syncing);
  const there = await alice.messages.open('bob@localhost');
  await alice.messages.send('bob@localhost', { body: '行高 hello' });
  expect(there.messages.get().map((m) => m.state)).toEqual(['sending']);
  await until(there.messages, ([m]) => m?.state === 'delivered');
  const [conversation] = await until(bob.conversations.list, (l) => l[0]?.unread === 1);
  expect(conversation).toMatchObject({ jid: 'alice@localhost', name: 'alice', unread: 1, last: { text: '行高 hello', kind: 'text' } });
  const here = await bob.messages.open('alice@localhost');
  const [message] = await until(here.messages, (m) => m.length === 1);
  expect(message).toMatchObject({ body: '行高 hello', author: 'alice@localhost', mine: false, state: 'delivered' });
  await bob.messages.displayed('alice@localhost', message!.id);
  await until(there.messages, ([m]) => m?.state === 'read');
  await until(bob.conversations.list, (l) => l[0]?.unread === 0);

  const again = await client();
  await again.connection.login({ user: 'bob', password: 'secret two' });
  const [fresh] = await until(again.conversations.list, (l) => l.length === 1);
  expect(fresh).toMatchObject({ jid: 'alice@localhost', last: { text: '行高 hello' } });
  const history = await again.messages.open('alice@localhost');
  await until(history.status, (s) => s.current);
  expect(history.messages.get()).toMatchObject([{ body: '行高 hello', mine: false }]);
});
