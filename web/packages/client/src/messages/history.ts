// Conversations without holes. A conversation is known from `Sync.oldest` to `Sync.newest`; what comes live before the
// archive has told what was missed is kept and shown, but moves `newest` only once the archive's pages have reached it.
import { ClientError, type Jid } from '../api/base';
import { bareOf } from '../base/jid';
import * as NS from '../base/ns';
import type { Core } from '../state/core';
import type { Archive, Archived } from './archive';
import { UNSYNCED, type Cache, type Sync } from './cache';
import type { Heard, Journal, Noted } from './journal';
import { read } from './read';
import { receipt } from './write';

const PAGE = 50;
/** Messages that make a load worth it: an archive's page may be full of receipts. */
const ENOUGH = 30;
/** After so many pages without meeting what is known, the hole stays: the older part is read again when scrolled to. */
const PAGES = 6;

export class History {
  /** Conversations known up to now. Emptied by each new session. */
  private readonly current = new Set<Jid>();
  private readonly catching = new Map<Jid, Promise<void>>();
  /** The newest archive id that came live, since a catch-up began. */
  private readonly lastLive = new Map<Jid, string>();
  private readonly listed = new Map<Jid, string>();
  onCurrent: (jid: Jid, current: boolean) => void = () => {};

  constructor(
    private readonly core: Core,
    private readonly journal: Journal,
    private readonly cache: Cache,
    private readonly archive: Archive,
  ) {}

  isCurrent(jid: Jid): boolean {
    return this.current.has(jid);
  }

  behind(): void {
    const was = [...this.current];
    this.current.clear();
    this.lastLive.clear();
    this.listed.clear();
    for (const jid of was) this.onCurrent(jid, false);
  }

  /** Live messages: call after they are noted, inside `serial(jid)`. */
  async live(jid: Jid, archiveId: string | null): Promise<void> {
    if (!archiveId) return;
    this.lastLive.set(jid, archiveId);
    if (!this.current.has(jid)) return;
    const sync = await this.cache.sync(jid);
    await this.save(jid, { ...sync, newest: archiveId, oldest: sync.oldest ?? archiveId });
  }

  /** The server's list says that this was its newest message when the session began: known that, known all. */
  newestIs(jid: Jid, archiveId: string): void {
    this.listed.set(jid, archiveId);
  }

  /** Reads what was missed, from the end backward until it meets what is known. */
  catchUp(jid: Jid): Promise<void> {
    if (this.current.has(jid)) return Promise.resolve();
    let running = this.catching.get(jid);
    if (!running) {
      running = this.readMissed(jid).finally(() => this.catching.delete(jid));
      this.catching.set(jid, running);
    }
    return running;
  }

  /** A page upward of all that is known. False: there is nothing before. */
  older(jid: Jid): Promise<boolean> {
    return this.core.serial(`older ${jid}`, async () => {
      await this.catchUp(jid);
      let messages = 0;
      for (;;) {
        const sync = await this.cache.sync(jid);
        if (sync.complete || messages >= ENOUGH) return messages > 0;
        const { results, complete } = await this.page(jid, sync.oldest ?? '');
        const noted = await this.core.serial(jid, async () => {
          const { floor, messages } = await this.noteBackward(jid, results, sync.floor || Number.MAX_SAFE_INTEGER);
          const now = await this.cache.sync(jid);
          await this.save(jid, { ...now, oldest: results[0]?.archiveId ?? now.oldest, floor: floor ?? now.floor, complete });
          return messages;
        });
        messages += noted;
      }
    });
  }

  private async page(jid: Jid, before: string): Promise<{ results: readonly Archived[]; complete: boolean }> {
    try {
      return await this.archive.query({ with: jid, before, max: PAGE });
    } catch (error) {
      // The anchor is gone from the archive (expired, recalled): without one there is nothing that could be joined.
      if (before && error instanceof ClientError && error.code === 'not-found') return { results: [], complete: true };
      throw error;
    }
  }

  private async readMissed(jid: Jid): Promise<void> {
    const known = await this.cache.sync(jid);
    if (known.newest && known.newest === this.listed.get(jid)) return this.finish(jid, known);
    let sync: Sync = UNSYNCED;
    let messages = 0;
    for (let pages = 1; ; pages++) {
      const { results, complete } = await this.page(jid, sync.oldest ?? '');
      const noted = await this.core.serial(jid, () => this.noteBackward(jid, results, sync.floor || Number.MAX_SAFE_INTEGER));
      messages += noted.messages;
      if (known.newest) this.acknowledge(noted.noted);
      const newest = sync.newest ?? results.at(-1)?.archiveId ?? null;
      sync = { newest, oldest: results[0]?.archiveId ?? sync.oldest, floor: noted.floor ?? sync.floor, complete };
      const joined = known.newest !== null && results.some((r) => r.archiveId === known.newest);
      if (joined) sync = { ...known, newest };
      if (joined || complete || (messages >= ENOUGH && (known.newest === null || pages >= PAGES))) break;
    }
    await this.finish(jid, sync);
  }

  /** Receipts for what this device, which has followed the conversation, has missed. */
  acknowledge(noted: readonly Noted[]): void {
    for (const { entry, isNew } of noted) if (isNew && !entry.mine && entry.wantsReceipt && entry.stanzaId) this.core.send(receipt(entry.conversation, entry.stanzaId));
  }

  /** What came live meanwhile is newer than the last page. */
  private async finish(jid: Jid, sync: Sync): Promise<void> {
    await this.core.serial(jid, () => this.save(jid, { ...sync, newest: this.lastLive.get(jid) ?? sync.newest }));
    this.current.add(jid);
    this.onCurrent(jid, true);
  }

  /** Notes a page that ends below `bound`: from which order on all is known now, and how many messages were in it. */
  async noteBackward(jid: Jid, results: readonly Archived[], bound: number): Promise<{ floor: number | null; messages: number; noted: readonly Noted[] }> {
    const heard = results.flatMap((result) => heardIn(result, jid, this.core.me));
    const noted = await this.journal.note(jid, heard, bound);
    const first = heard.find((h) => h.said.kind === 'message');
    const floor = first ? ((await this.cache.byArchive(jid, first.archiveId!))?.order ?? null) : null;
    return { floor, noted, messages: heard.filter((h) => h.said.kind === 'message').length };
  }

  private save(jid: Jid, sync: Sync): Promise<void> {
    return this.core.shared.write([['sync', jid, sync]]);
  }
}

/** What an archived message says, when it is between this account and that other side. */
export function heardIn({ stanza, archiveId, time }: Archived, jid: Jid, me: Jid): readonly Heard[] {
  const by = bareOf(stanza.attr('from')) || me;
  const mine = by === me;
  const peer = mine ? bareOf(stanza.attr('to')) || me : by;
  if (peer !== jid) return [];
  const ids = { archiveId, stanzaId: stanza.attr('id'), originId: stanza.child('origin-id', NS.sid)?.attr('id') ?? '' };
  return read(stanza).map((said) => ({ said, by, mine, time, ...ids }));
}
