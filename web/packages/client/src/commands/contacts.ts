// What one does with contacts.
import type { Jid } from '../api/base';
import type { Item } from '../modules/contacts';
import type { Kit } from '../modules/all';
import { x } from '../xml/element';

const ROSTER = 'jabber:iq:roster';
const BLOCKING = 'urn:xmpp:blocking';

export async function add(kit: Kit, jid: Jid, options: { message?: string; remark?: string; invitation?: string } = {}): Promise<void> {
  const { contacts } = kit;
  if (contacts.asking.has(jid)) return accept(kit, jid);
  const item = contacts.items.get(jid);
  if (!item || options.remark) await put(kit, jid, { remark: options.remark ?? item?.remark ?? null });
  const { message, invitation } = options;
  const { nickname } = kit.profiles.own.get();
  contacts.presence(
    jid, 'subscribe', message && x('status', {}, message), nickname && x('nick', { xmlns: 'http://jabber.org/protocol/nick' }, nickname),
    invitation && x('preauth', { xmlns: 'urn:xmpp:pars:0', token: invitation }),
  );
}

export function accept({ contacts }: Kit, jid: Jid): Promise<void> {
  return contacts.approve(jid);
}

export async function decline({ contacts }: Kit, jid: Jid): Promise<void> {
  contacts.presence(jid, 'unsubscribed');
  await contacts.answered(jid);
}

export async function later({ contacts }: Kit, jid: Jid): Promise<void> {
  const request = contacts.asking.get(jid);
  if (request) await contacts.answered(jid, { ...request, postponed: true });
}

export function setRemark(kit: Kit, jid: Jid, remark: string | null): Promise<void> {
  return put(kit, jid, { remark: remark?.trim() || null });
}

export function setTags(kit: Kit, jid: Jid, tags: readonly string[]): Promise<void> {
  return put(kit, jid, { tags: [...new Set(tags.map((t) => t.trim()).filter(Boolean))] });
}

export async function remove({ core }: Kit, jid: Jid): Promise<void> {
  await core.set(x('query', { xmlns: ROSTER }, x('item', { jid, subscription: 'remove' })));
}

export async function block({ core, contacts }: Kit, jid: Jid): Promise<void> {
  await core.set(x('block', { xmlns: BLOCKING }, x('item', { jid })));
  await contacts.answered(jid);
}

export async function unblock({ core }: Kit, jid: Jid): Promise<void> {
  await core.set(x('unblock', { xmlns: BLOCKING }, x('item', { jid })));
}

async function put({ core, contacts }: Kit, jid: Jid, change: Partial<Pick<Item, 'remark' | 'tags'>>): Promise<void> {
  const { remark, tags } = { remark: null, tags: [], ...contacts.items.get(jid), ...change };
  await core.set(x('query', { xmlns: ROSTER }, x('item', { jid, name: remark || null }, tags.map((tag) => x('group', {}, tag)))));
}
