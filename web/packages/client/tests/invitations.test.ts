// Links by which people become contacts, and finding each other by name; against the real server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemoryStorage } from '../src/storage/memory';
import { People } from './people';
import { until } from './until';

let people: People;
beforeAll(async () => {
  people = await People.start();
});
afterAll(() => people.stop());

const mutual = (jid: string) => (l: readonly { jid: string; relation: string }[]) => l.some((c) => c.jid === jid && c.relation === 'mutual');

test('who registers by a link and who invited are contacts at once', async () => {
  const [ann] = await people.register('ann');
  const { token, link, expires } = await ann!.invitations.toContact();
  expect(link).toBe(`http://localhost:${people.server.port}/invite/${token}`);
  expect(expires).toBeGreaterThan(Date.now() + 86_400_000);
  await ann!.profiles.setNickname('安安');
  const info = await (await people.device(new MemoryStorage())).invitations.look(token);
  expect(info).toMatchObject({ valid: true, kind: 'contact', inviter: 'ann@localhost', inviterName: '安安' });
  const ben = await people.device(new MemoryStorage());
  await ben.connection.register({ user: 'ben', password: 'secret word', invitation: token });
  await people.online(ben);
  await until(ben.contacts.list, mutual('ann@localhost'));
  await until(ann!.contacts.list, mutual('ben@localhost'));
});

test('a link that somebody with an account follows needs no answer', async () => {
  const [cat, dan] = await people.register('cat', 'dan');
  const { token } = await cat!.invitations.toContact();
  await dan!.contacts.add('cat@localhost', { invitation: token });
  await Promise.all([until(dan!.contacts.list, mutual('cat@localhost')), until(cat!.contacts.list, mutual('dan@localhost'))]);
  expect(cat!.contacts.requests.get()).toEqual([]);
});

test('an invitation that there is not says so', async () => {
  await expect((await people.device(new MemoryStorage())).invitations.look('guessed')).rejects.toMatchObject({ code: 'invitation-invalid' });
  const nobody = await people.device(new MemoryStorage());
  await expect(nobody.connection.register({ user: 'eve', password: 'x', invitation: 'guessed' })).rejects.toMatchObject({ code: 'invitation-invalid' });
});

test('who chose to be found is found by name', async () => {
  const [fay, gil] = await people.register('fay', 'gil');
  await fay!.profiles.setNickname('行高');
  expect(await gil!.directory.find('行高')).toEqual([]);
  await fay!.privacy.set({ searchable: true });
  expect(fay!.privacy.settings.get()).toMatchObject({ searchable: true });
  expect(await gil!.directory.find('高')).toMatchObject([{ jid: 'fay@localhost', name: '行高' }]);
});

test('who hides reading is not seen reading', async () => {
  const [hal, ida] = await people.register('hal', 'ida');
  await people.befriend(hal!, ida!);
  await ida!.privacy.set({ readReceipts: false });
  const there = await hal!.messages.open('ida@localhost');
  await hal!.messages.send('ida@localhost', { body: 'read me' });
  const here = await ida!.messages.open('hal@localhost');
  const [message] = await until(here.messages, (m) => m.length === 1);
  await ida!.messages.displayed('hal@localhost', message!.id);
  await until(ida!.conversations.list, ([c]) => c?.unread === 0);
  await ida!.messages.send('hal@localhost', { body: 'a word' });
  await until(there.messages, (m) => m.length === 2);
  expect(there.messages.get()[0]).toMatchObject({ body: 'read me', state: 'delivered' });
});

test('a recalled message is gone for a fresh device of either', async () => {
  const [jon, kim] = await people.register('jon', 'kim');
  const [id] = await jon!.messages.send('kim@localhost', { body: 'secret' });
  const here = await kim!.messages.open('jon@localhost');
  await until(here.messages, (m) => m.length === 1);
  await jon!.messages.recall('kim@localhost', id!);
  await until(here.messages, ([m]) => m?.recalled === true);
  for (const [user, peer] of [['jon', 'kim'], ['kim', 'jon']] as const) {
    const fresh = await people.login(user);
    const history = await fresh.messages.open(`${peer}@localhost`);
    const [found] = await until(history.messages, (m) => m.length === 1);
    expect(found).toMatchObject({ body: '', recalled: true });
  }
});
