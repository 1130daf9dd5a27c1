// One's own presence, and asking for that of others.
import type { Jid } from '../api/base';
import type { Kit } from '../modules/all';
import { GONE, type Own } from '../modules/presence';
import { x } from '../xml/element';

const LAST = 'jabber:iq:last';

export async function set({ core, presence }: Kit, status: Own['status'], text = ''): Promise<void> {
  await core.shared.write([['settings', 'presence', { status, text }]]);
  await presence.announce();
}

export async function askLastSeen({ core, presence }: Kit, jid: Jid): Promise<void> {
  const there = (): boolean => !!presence.devices.get(jid)?.size;
  if (there()) return;
  const query = (await core.get(x('query', { xmlns: LAST }), jid)).child('query', LAST);
  const seconds = Number(query?.attr('seconds') || NaN);
  if (Number.isFinite(seconds) && !there()) core.shared.put('presence', jid, { ...GONE, text: query!.text, lastSeen: core.now() - seconds * 1000 });
}
