// What one does with conversations.
import type { Jid } from '../api/base';
import type { Kit } from '../modules/all';
import type { Talked } from '../modules/conversations';
import { x } from '../xml/element';

export const setPinned = (kit: Kit, jid: Jid, pinned: boolean): Promise<void> => change(kit, jid, { pinned });
export const setMuted = (kit: Kit, jid: Jid, muted: boolean): Promise<void> => change(kit, jid, { muted });
export const setMarked = (kit: Kit, jid: Jid, marked: boolean): Promise<void> => change(kit, jid, { marked });
export const hide = (kit: Kit, jid: Jid): Promise<void> => change(kit, jid, { hidden: true });

/** Shown at once; taken back when the server refuses. */
async function change({ core, conversations }: Kit, jid: Jid, change: Partial<Talked>): Promise<void> {
  const before = conversations.known(jid);
  conversations.update(jid, change);
  if (!core.features.get().inbox) return;
  const attrs = Object.fromEntries(Object.entries(change).map(([name, on]) => [name, on ? '1' : '0']));
  try {
    await core.set(x('conversation', { xmlns: 'urn:magpie:inbox:0', jid, ...attrs }), core.me);
  } catch (error) {
    if (before) conversations.update(jid, Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof Talked]])));
    throw error;
  }
}
