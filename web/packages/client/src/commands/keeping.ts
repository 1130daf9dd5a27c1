// Everything of an account as one file, and giving back what the cache takes.
import type { Entry } from '../messages/entry';
import type { Kit } from '../modules/all';

/** Messages that are nowhere else stay. */
export async function clear({ core, messages }: Kit): Promise<void> {
  const { storage } = core.shared;
  const all = (await storage.range('messages', '', '\uffff')) as readonly (readonly [string, Entry])[];
  const own = all.filter(([, entry]) => /^(uploading|sending|failed)$/.test(entry.state)).map(([, entry]) => entry);
  await storage.clear(['messages', 'index', 'sync', 'profiles']);
  await storage.write(messages.cache.changes(own));
  messages.history.behind();
}

/** Reads the whole archive, conversation by conversation. */
export async function exportData({ core, ...client }: Kit, onProgress: (done: number, of: number) => void = () => {}): Promise<Blob> {
  const list = client.conversations.list.get();
  const conversations: object[] = [];
  for (const [done, { jid, name }] of list.entries()) {
    onProgress(done, list.length);
    while (await client.messages.history.older(jid));
    const entries = await client.messages.cache.range(jid, 0, Number.MAX_SAFE_INTEGER);
    conversations.push({ jid, name, messages: entries.map(plain) });
  }
  onProgress(list.length, list.length);
  const { avatar: _picture, ...profile } = client.profiles.own.get();
  const [contacts, blocked, privacy] = [client.contacts.list.get(), client.contacts.blocked.get(), client.privacy.settings.get()];
  const data = { account: core.me, exported: new Date().toISOString(), profile, privacy, contacts, blocked, conversations };
  return new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' });
}

/** Without what only this device needs. */
function plain({ id, author, time, body, files, reply, reactions, edited, recalled, state }: Entry): object {
  return { id, author, time: new Date(time).toISOString(), body, files: files.map(({ local: _local, ...file }) => file), reply, reactions, edited, recalled, state };
}
