// Contacts, requests, remarks, tags, blocks, profiles, presence and typing, between people at the real server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemoryStorage } from '../src/storage/memory';
import { People, passwordOf } from './people';
import { until, within } from './until';

let people: People;
beforeAll(async () => {
  people = await People.start();
});
afterAll(() => people.stop());

/** A PNG of one pixel. */
const PIXEL = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0));

test('a request with a message; accepted, both are contacts', async () => {
  const [ann, ben] = await people.register('ann', 'ben');
  const rung = new Promise<string>((resolve) => ben!.on('request', ({ request }) => resolve(request.message)));
  const accepted = new Promise<string>((resolve) => ann!.on('accepted', ({ jid }) => resolve(jid)));
  await ann!.contacts.add('ben@localhost', { message: '我是安', remark: 'Benny' });
  expect(ann!.contacts.get('ben@localhost')?.name ?? 'Benny').toBe('Benny');
  const [request] = await until(ben!.contacts.requests, (r) => r.length === 1);
  expect(request).toMatchObject({ jid: 'ann@localhost', message: '我是安', postponed: false });
  expect(await within(rung, 'the request event')).toBe('我是安');
  await ben!.contacts.later('ann@localhost');
  await until(ben!.contacts.requests, ([r]) => r?.postponed === true);
  await ben!.contacts.accept('ann@localhost');
  expect(await within(accepted, 'accepted')).toBe('ben@localhost');
  await until(ann!.contacts.list, ([c]) => c?.relation === 'mutual' && c.name === 'Benny');
  await until(ben!.contacts.list, ([c]) => c?.relation === 'mutual');
  expect(ben!.contacts.requests.get()).toEqual([]);
});

test('declined, they are not', async () => {
  const [cat, dan] = await people.register('cat', 'dan');
  await cat!.contacts.add('dan@localhost');
  await until(cat!.contacts.list, ([c]) => c?.relation === 'waiting');
  await until(dan!.contacts.requests, (r) => r.length === 1);
  await dan!.contacts.decline('cat@localhost');
  await until(cat!.contacts.list, ([c]) => c?.relation === 'none');
  expect(dan!.contacts.requests.get()).toEqual([]);
});

test('remarks and tags are on every device, and name conversations', async () => {
  const [eve, fay] = await people.register('eve', 'fay');
  await people.befriend(eve!, fay!);
  const second = await people.login('eve');
  await fay!.messages.send('eve@localhost', { body: 'hi' });
  await eve!.contacts.setRemark('fay@localhost', '小费');
  await eve!.contacts.setTags('fay@localhost', ['work', 'family', 'work']);
  for (const device of [eve!, second]) {
    await until(device.contacts.list, ([c]) => c?.name === '小费' && c.tags.length === 2);
    await until(device.conversations.list, ([c]) => c?.name === '小费');
    expect(device.contacts.tags.get()).toEqual(['family', 'work']);
  }
  await eve!.contacts.remove('fay@localhost');
  await until(second.contacts.list, (l) => l.length === 0);
});

test('who is blocked cannot write, and sees why; unblocked, can', async () => {
  const [gil, hal] = await people.register('gil', 'hal');
  await gil!.contacts.block('hal@localhost');
  await until(gil!.contacts.blocked, (b) => b.includes('hal@localhost'));
  const timeline = await hal!.messages.open('gil@localhost');
  const [id] = await hal!.messages.send('gil@localhost', { body: 'hello?' });
  await until(timeline.messages, ([m]) => m?.state === 'failed');
  expect(gil!.conversations.get('hal@localhost')).toBeUndefined();
  await gil!.contacts.unblock('hal@localhost');
  await until(gil!.contacts.blocked, (b) => b.length === 0);
  await hal!.messages.retry('gil@localhost', id!);
  await until(timeline.messages, ([m]) => m?.state === 'delivered');
});

test('a nickname and a picture reach others; what is no picture does not go out', async () => {
  const [ida, jon] = await people.register('ida', 'jon');
  await people.befriend(ida!, jon!);
  await ida!.profiles.setNickname('艾达');
  await ida!.profiles.setAvatar(new Blob([PIXEL], { type: 'image/png' }));
  const seen = jon!.profiles.of('ida@localhost');
  await jon!.profiles.refresh('ida@localhost');
  const profile = await until(seen, (p) => p.nickname === '艾达' && p.avatar !== null);
  expect(new Uint8Array(await profile.avatar!.blob.arrayBuffer())).toEqual(PIXEL);
  expect(profile.avatar!.blob.type).toBe('image/png');
  expect(jon!.contacts.get('ida@localhost')!.name).toBe('艾达');
  const svg = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'], { type: 'image/png' });
  await expect(ida!.profiles.setAvatar(svg)).rejects.toMatchObject({ code: 'unsupported' });
  await ida!.profiles.setAbout('喜欢行高');
  expect(ida!.profiles.own.get()).toMatchObject({ nickname: '艾达', about: '喜欢行高' });
  await ida!.profiles.setAvatar(null);
  expect(ida!.profiles.own.get()).toMatchObject({ nickname: '艾达', avatar: null });
});

test('presence: here, away, gone, last seen; typing comes and goes', async () => {
  const [kim, lea] = await people.register('kim', 'lea');
  await people.befriend(kim!, lea!);
  const presence = kim!.presence.of('lea@localhost');
  await until(presence, (p) => p.status === 'online');
  await lea!.presence.set('busy', '开会');
  await until(presence, (p) => p.status === 'busy' && p.text === '开会');
  lea!.messages.typing('kim@localhost', true);
  await until(kim!.conversations.list, (l) => l.every((c) => !c.typing));
  await lea!.messages.send('kim@localhost', { body: 'first' });
  await until(kim!.conversations.of('lea@localhost'), (c) => c?.last?.text === 'first');
  lea!.messages.typing('kim@localhost', true);
  await until(kim!.conversations.of('lea@localhost'), (c) => c!.typing);
  lea!.messages.typing('kim@localhost', false);
  await until(kim!.conversations.of('lea@localhost'), (c) => !c!.typing);
  await lea!.close();
  await until(presence, (p) => p.status === 'offline' && p.lastSeen !== null);
});

test('reply, react, edit, recall, forward', async () => {
  const [mia, ned] = await people.register('mia', 'ned');
  const here = await mia!.messages.open('ned@localhost');
  const there = await ned!.messages.open('mia@localhost');
  await mia!.messages.send('ned@localhost', { body: 'What is the line height?' });
  const [question] = await until(there.messages, (m) => m.length === 1);
  await ned!.messages.send('mia@localhost', { body: '行高 1.5', replyTo: question!.id });
  const [, answer] = await until(here.messages, (m) => m.length === 2);
  expect(answer).toMatchObject({ body: '行高 1.5', reply: { author: 'mia@localhost', preview: 'What is the line height?', id: here.messages.get()[0]!.id } });
  await mia!.messages.react('ned@localhost', answer!.id, ['👍', '🎉']);
  await until(there.messages, ([, a]) => a!.reactions.length === 2 && !a!.reactions[0]!.mine);
  await mia!.messages.react('ned@localhost', answer!.id, ['🎉']);
  await until(there.messages, ([, a]) => a!.reactions.length === 1 && a!.reactions[0]!.emoji === '🎉');
  await ned!.messages.edit('mia@localhost', there.messages.get()[1]!.id, '行高 1.6');
  await until(here.messages, ([, a]) => a!.body === '行高 1.6' && a!.edited);
  await until(mia!.conversations.list, ([c]) => c!.last!.text === '行高 1.6');
  await ned!.messages.forward('mia@localhost', [question!.id], ['mia@localhost']);
  await until(here.messages, ([, , f]) => f?.forwarded?.name === 'mia@localhost' && f.body === 'What is the line height?');
  await ned!.messages.recall('mia@localhost', there.messages.get()[1]!.id);
  await until(here.messages, ([, a]) => a!.recalled && a!.body === '');
  await expect(ned!.messages.edit('mia@localhost', question!.id, 'x')).rejects.toMatchObject({ code: 'not-allowed' });
});

test('name taken, wrong password, password changed, account deleted', async () => {
  const [oda] = await people.register('oda');
  const other = await people.device(new MemoryStorage());
  await expect(other.connection.register({ user: 'oda', password: 'x' })).rejects.toMatchObject({ code: 'name-taken' });
  await expect(other.connection.register({ user: 'admin', password: 'x' })).rejects.toMatchObject({ code: 'name-reserved' });
  await expect(other.connection.login({ user: 'oda', password: 'x' })).rejects.toMatchObject({ code: 'wrong-credentials' });
  await expect(other.connection.login({ user: 'nobody', password: 'x' })).rejects.toMatchObject({ code: 'wrong-credentials' });
  await oda!.connection.changePassword('a new one');
  await people.online(oda!);
  await expect(other.connection.login({ user: 'oda', password: passwordOf('oda') })).rejects.toMatchObject({ code: 'wrong-credentials' });
  await other.connection.login({ user: 'oda', password: 'a new one' });
  await other.connection.logout();
  await oda!.close();
  const back = await people.login('oda', people.storageOf('oda'));
  await back.connection.deleteAccount();
  expect(back.connection.account.get()).toBeNull();
  // While it is being removed it is disabled.
  await expect(other.connection.login({ user: 'oda', password: 'a new one' })).rejects.toMatchObject({ code: expect.stringMatching(/^(wrong-credentials|account-disabled)$/) });
});

test('exported data has every message; a cleared cache comes again', async () => {
  const [pam, rob] = await people.register('pam', 'rob');
  for (let n = 1; n <= 60; n++) await pam!.messages.send('rob@localhost', { body: String(n) });
  await until(pam!.messages.waiting, (n) => n === 0);
  await until(rob!.conversations.list, ([c]) => c?.unread === 60);
  await rob!.cache.clear();
  const data = JSON.parse(await (await rob!.exportData()).text()) as { account: string; conversations: { jid: string; messages: { body: string }[] }[] };
  expect(data.account).toBe('rob@localhost');
  expect(data.conversations[0]!.messages.map((m) => Number(m.body))).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
});
