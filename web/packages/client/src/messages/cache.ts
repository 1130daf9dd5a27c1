// Messages in storage: found by any of their ids, ordered, and with what was said about messages not yet known.
import type { Jid } from '../api/base';
import type { Change } from '../api/client';
import type { Shared } from '../state/shared';
import { keyOf, ORDER, recordKey, side, type Entry } from './entry';
import type { Said } from './read';

/** How far a conversation is known without holes: from `oldest` (with all its messages from `floor` up) to `newest`. */
export interface Sync {
  readonly newest: string | null;
  readonly oldest: string | null;
  readonly floor: number;
  /** `oldest` is the first message there is. */
  readonly complete: boolean;
}

/** A change that came before the message it changes: history is read from its end. */
export interface Orphan {
  readonly said: Said;
  readonly by: Jid;
  readonly time: number;
}

/** Stands in the index for a message that was deleted here. */
const REMOVED = '-';

export const UNSYNCED: Sync = { newest: null, oldest: null, floor: 0, complete: false };

export class Cache {
  constructor(private readonly shared: Shared) {}

  /** By the id the app uses. */
  async byId(jid: Jid, id: string): Promise<Entry | undefined> {
    const key = await this.shared.get<string>('index', `${jid}\t${id}`);
    return key === undefined || key === REMOVED ? undefined : this.shared.get<Entry>('messages', key);
  }

  /** It was deleted on this device: the archive does not bring it back. */
  async isRemoved(jid: Jid, names: readonly string[]): Promise<boolean> {
    const keys = await Promise.all(names.map((name) => this.shared.get<string>('index', `${jid}\t${name}`)));
    return keys.includes(REMOVED);
  }

  /** By how others name it, sent by one side. */
  bySide(jid: Jid, mine: boolean, reference: string): Promise<Entry | undefined> {
    return this.byId(jid, side(mine) + reference);
  }

  async byReference(jid: Jid, reference: string, mineFirst = true): Promise<Entry | undefined> {
    return (await this.bySide(jid, mineFirst, reference)) ?? (await this.bySide(jid, !mineFirst, reference)) ?? this.byArchive(jid, reference);
  }

  byArchive(jid: Jid, archiveId: string): Promise<Entry | undefined> {
    return this.byId(jid, `=${archiveId}`);
  }

  /** Ascending. `last`: those next below `to`. */
  async range(jid: Jid, from: number, to: number, limit?: number, last = true): Promise<readonly Entry[]> {
    const rows = await this.shared.storage.range('messages', keyOf(jid, from), keyOf(jid, to), { ...(limit && { limit }), last });
    return rows.map(([, value]) => value as Entry);
  }

  /** The changes that make these the kept state; `before`: the same messages as they were. */
  changes(entries: readonly Entry[], before: readonly (Entry | undefined)[] = []): Change[] {
    return entries.flatMap((entry, at): Change[] => {
      const [key, old] = [recordKey(entry), before[at]];
      const changes: Change[] = [['messages', key, entry]];
      if (old && recordKey(old) !== key) changes.unshift(['messages', recordKey(old), undefined]);
      if (old && recordKey(old) === key && old.archiveId === entry.archiveId) return changes;
      return [...changes, ...this.names(entry).map((name): Change => ['index', `${entry.conversation}\t${name}`, key])];
    });
  }

  removal(entry: Entry): Change[] {
    return [['messages', recordKey(entry), undefined], ...this.names(entry).map((name): Change => ['index', `${entry.conversation}\t${name}`, REMOVED])];
  }

  async orphans(jid: Jid, reference: string): Promise<readonly Orphan[]> {
    return (await this.shared.get<readonly Orphan[]>('index', `${jid}\t?${reference}`)) ?? [];
  }

  orphan(jid: Jid, reference: string, orphans: readonly Orphan[]): Change {
    return ['index', `${jid}\t?${reference}`, orphans.length ? orphans : undefined];
  }

  async sync(jid: Jid): Promise<Sync> {
    return (await this.shared.get<Sync>('sync', jid)) ?? UNSYNCED;
  }

  /** An order after all that is kept of the conversation and, if possible, that of its time. */
  async orderAfter(jid: Jid, time: number): Promise<number> {
    const last = (await this.range(jid, 0, Number.MAX_SAFE_INTEGER, 1))[0];
    return Math.max(Math.floor(time) * ORDER, last ? last.order + 1 : 0);
  }

  private names(entry: Entry): readonly string[] {
    const s = side(entry.mine);
    const names = [entry.id, s + entry.reference, s + entry.stanzaId];
    if (entry.archiveId) names.push(`=${entry.archiveId}`);
    return [...new Set(names)].filter((name) => name.length > 1);
  }
}
