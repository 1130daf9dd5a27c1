// The list of conversations where the server keeps none: from the newest messages of the archive.
import type { Jid } from '../api/base';
import { bareOf } from '../base/jid';
import type { Archived } from '../messages/archive';
import type { Inbox } from '../modules/inbox';

/** Messages a page, and pages at most. */
const PAGE = 100;
const PAGES = 5;

/** From the archive's end until it meets what is known. Only the newest of each conversation matter here. */
export async function listRecent(inbox: Inbox): Promise<void> {
  const { archive, core } = inbox;
  const known = (await core.shared.get<string>('sync', 'recent')) ?? null;
  let newest: string | null = null;
  let before = '';
  const floors = new Map<Jid, number>();
  for (let pages = 0; pages < PAGES; pages++) {
    const { results, complete } = await archive.query({ before, max: PAGE });
    newest ??= results.at(-1)?.archiveId ?? null;
    await noteRecent(inbox, results, floors, known !== null);
    if (complete || results.some((r) => r.archiveId === known)) break;
    before = results[0]!.archiveId;
  }
  if (newest) await core.shared.write([['sync', 'recent', newest]]);
}

/** `counting`: what is new here is unread. On a device that knows nothing yet, nobody can tell what was read. */
async function noteRecent({ conversations, core, history }: Inbox, results: readonly Archived[], floors: Map<Jid, number>, counting: boolean): Promise<void> {
  const groups = new Map<Jid, Archived[]>();
  for (const result of results) {
    const from = bareOf(result.stanza.attr('from'));
    const peer = from === core.me ? bareOf(result.stanza.attr('to')) : from;
    if (peer) groups.set(peer, [...(groups.get(peer) ?? []), result]);
  }
  for (const [jid, ours] of groups) {
    await core.serial(jid, async () => {
      const bound = floors.get(jid) ?? Number.MAX_SAFE_INTEGER;
      const { floor, noted } = await history.noteBackward(jid, ours, bound);
      floors.set(jid, floor ?? bound);
      const own = noted.filter((n) => n.entry.mine).reduce((highest, n) => Math.max(highest, n.entry.order), 0);
      const news = noted.filter((n) => n.isNew && !n.entry.mine && n.entry.order > own).map((n) => n.entry);
      if (!counting) return;
      history.acknowledge(noted);
      conversations.arrived(jid, news);
    });
  }
}
