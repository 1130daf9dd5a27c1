// After a crash or a lost session: which of what was on the wire has the archive? Only the rest is sent again.
import type { Jid } from '../api/base';
import { bareOf } from '../base/jid';
import type { Outbox, Waiting } from '../messages/outbox';

/** Milliseconds before the first try from which on the archive is searched: clocks differ. */
const SLACK = 10 * 60_000;
const PAGE = 100;

export async function findArrived(outbox: Outbox, tried: readonly (readonly [key: string, waiting: Waiting])[]): Promise<void> {
  if (!outbox.core.features.get().history) return;
  for (const to of new Set(tried.map(([, w]) => w.to))) {
    const ours = tried.filter(([, w]) => w.to === to);
    const arrived = await idsSince(outbox, to, Math.min(...ours.map(([, w]) => w.time)));
    for (const [key, waiting] of ours) if (arrived.has(waiting.id)) await outbox.stored(key, waiting);
  }
}

async function idsSince({ archive, core }: Outbox, to: Jid, time: number): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const page = await archive.query({ with: to, start: new Date(time - SLACK).toISOString(), max: PAGE, ...(after && { after }) });
    for (const { stanza } of page.results) {
      if (bareOf(stanza.attr('from')) !== core.me) continue;
      ids.add(stanza.attr('id')).add(stanza.child('origin-id', 'urn:xmpp:sid:0')?.attr('id') ?? '');
    }
    after = page.results.at(-1)?.archiveId;
    if (page.complete) return ids;
  }
}
