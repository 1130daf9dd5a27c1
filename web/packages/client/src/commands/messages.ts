// What one does with messages besides sending them.
import { ClientError, type Jid } from '../api/base';
import { newId } from '../base/bytes';
import * as NS from '../base/ns';
import { furtherThan, reactionsOf, type Entry } from '../messages/entry';
import { base, message, store, type Outgoing } from '../messages/write';
import type { Kit } from '../modules/all';
import { fileMessage } from './filemessage';
import { x, type Element } from '../xml/element';

/** Sends a failed one again, under the same ids. */
export async function retry({ core, messages, outbox, uploads }: Kit, jid: Jid, id: string): Promise<void> {
  const { cache, journal } = messages;
  await core.serial(jid, async () => {
    const entry = await own(messages, jid, id);
    if (entry.state !== 'failed') return;
    if (entry.wire) {
      const again: Entry = { ...entry, state: 'sending', error: null };
      return core.shared.write([...cache.changes([again], [entry]), outbox.entry(jid, entry.reference, entry.wire, core.now())]);
    }
    await journal.alter(jid, id, (e) => ({ ...e, state: 'uploading', error: null }));
    await uploads.again(id);
  });
}

export async function cancel(kit: Kit, jid: Jid, id: string): Promise<void> {
  const entry = await own(kit.messages, jid, id);
  if (furtherThan(entry.state, 'failed') || !(await kit.outbox.withdraw(entry.reference))) throw new ClientError('not-allowed', 'it is sent');
  await remove(kit, jid, id);
}

export async function edit(kit: Kit, jid: Jid, id: string, body: string): Promise<void> {
  const entry = await own(kit.messages, jid, id);
  // The correction stands for the whole message (0308 §3): what it answers is said again, and nobody confirms it twice.
  const { reply, forwarded } = entry;
  const anew = message({ id: newId(), to: jid, body, reply: reply && { ...reply, quote: reply.preview }, forwardedFrom: forwarded?.name ?? null });
  const said = anew.elements.filter((part) => part.ns !== NS.receipts && part.ns !== NS.markers);
  const stanza = anew.with({}, [...said, x('replace', { xmlns: NS.correct, id: entry.stanzaId })]);
  await amend(kit, entry, stanza, (e) => ({ ...e, body, edited: true, editTime: kit.core.now() }));
}

export async function recall(kit: Kit, jid: Jid, id: string): Promise<void> {
  const entry = await own(kit.messages, jid, id);
  const unsent = !furtherThan(entry.state, 'failed') && (await kit.outbox.withdraw(entry.reference));
  if (unsent) return remove(kit, jid, id);
  const stanza = base(jid, newId(),
    x('retract', { xmlns: NS.retract, id: entry.reference }),
    x('body', {}, 'This person took a message back, but your client does not support that.'),
    x('fallback', { xmlns: NS.fallback, for: NS.retract }),
    store);
  await amend(kit, entry, stanza, (e) => ({ ...e, recalled: true, body: '', files: [], reactions: [], reactors: {}, reply: null }));
}

export async function react(kit: Kit, jid: Jid, id: string, emoji: readonly string[]): Promise<void> {
  const entry = await known(kit.messages, jid, id);
  const { me } = kit.core;
  const stanza = base(jid, newId(), x('reactions', { xmlns: NS.reactions, id: entry.reference }, emoji.map((e) => x('reaction', {}, e))), store);
  await amend(kit, entry, stanza, (e) => {
    const reactors = { ...e.reactors, [me]: { emoji, time: kit.core.now() } };
    return { ...e, reactors, reactions: reactionsOf(reactors, me) };
  });
}

/** Shows a change at once and puts it in the outbox. */
async function amend({ core, messages, outbox }: Kit, entry: Entry, stanza: Element, change: (entry: Entry) => Entry): Promise<void> {
  const jid = entry.conversation;
  const id = stanza.attr('id');
  remember(messages.undo, id, (by, code) => {
    if (by !== jid) return;
    const { body, files, reply, edited, editTime, recalled, reactions, reactors } = entry;
    const before = { body, files, reply, edited, editTime, recalled, reactions, reactors };
    void core.serial(jid, () => messages.journal.alter(jid, entry.id, (e) => ({ ...e, ...before }))).catch(core.trouble);
    core.trouble(new ClientError(code, 'a change to a message was refused'));
  });
  await core.serial(jid, async () => {
    await core.shared.write([outbox.entry(jid, id, stanza.toString(), core.now())]);
    await messages.journal.alter(jid, entry.id, change);
  });
}

/** A refusal comes soon or never. */
const UNDONE = 50;

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size > UNDONE) map.delete(map.keys().next().value!);
}

/** On this device only. */
export async function remove({ core, messages, uploads }: Kit, jid: Jid, id: string): Promise<void> {
  await core.serial(jid, async () => {
    const entry = await messages.cache.byId(jid, id);
    if (!entry) return;
    await uploads.cancel(id);
    await core.shared.write(messages.cache.removal(entry));
  });
}

export async function forward({ core, messages }: Kit, from: Jid, ids: readonly string[], to: readonly Jid[]): Promise<void> {
  for (const id of ids) {
    const { author, body, files, forwarded } = await known(messages, from, id);
    const file = files.find((f) => f.url);
    const withFile = file && { files: [file], compose: (out: Outgoing) => fileMessage(out, file, null) };
    const post = { body, reply: null, file: null, forwardedFrom: forwarded?.name ?? author, ...withFile };
    for (const jid of to) await core.serial(jid, () => messages.post(jid, newId(), post));
  }
}

/** A marker for the other side, with the assist (0490) that lets the server move one's own read position. */
export async function displayed({ core, messages, outbox }: Kit, jid: Jid, id: string): Promise<void> {
  const entry = await known(messages, jid, id);
  if (entry.mine) return;
  // After what is still being heard: the message shows before it is counted as unread.
  await core.serial(jid, async () => messages.listener.readUpTo(jid, entry));
  const stanza = x('message', { xmlns: NS.client, type: 'chat', to: jid, id: newId() },
    x('displayed', { xmlns: NS.markers, id: entry.stanzaId || entry.reference }),
    entry.archiveId && x('displayed', { xmlns: NS.mds }, x('stanza-id', { xmlns: NS.sid, by: core.me, id: entry.archiveId })),
    store);
  await core.shared.write([outbox.entry(jid, stanza.attr('id'), stanza.toString(), core.now(), 'displayed')]);
}

async function known({ cache }: Kit['messages'], jid: Jid, id: string): Promise<Entry> {
  const entry = await cache.byId(jid, id);
  if (!entry) throw new ClientError('not-found');
  return entry;
}

async function own(messages: Kit['messages'], jid: Jid, id: string): Promise<Entry> {
  const entry = await known(messages, jid, id);
  if (!entry.mine) throw new ClientError('not-allowed');
  return entry;
}
