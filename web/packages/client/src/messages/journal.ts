// Turns what was said, live or in history, into kept messages. One conversation's work is done in order, in the
// leading tab; what comes twice, or in the wrong order, ends in the same state.
import type { Jid } from '../api/base';
import type { Change } from '../api/client';
import { newId } from '../base/bytes';
import type { Core } from '../state/core';
import { firstWords, furtherThan, ORDER, reactionsOf, side, type Entry } from './entry';
import type { Cache, Orphan } from './cache';
import type { Said, SaidMessage } from './read';

/** One thing that was said, and by whom. */
export interface Heard {
  readonly said: Said;
  readonly by: Jid;
  readonly mine: boolean;
  readonly time: number;
  readonly archiveId: string | null;
  readonly stanzaId: string;
  readonly originId: string;
}

export interface Noted {
  readonly entry: Entry;
  /** It was not known before. */
  readonly isNew: boolean;
}

type Change_ = Exclude<Said, SaidMessage>;
type HeardMessage = Heard & { readonly said: SaidMessage };

export class Journal {
  /** One has read up to here oneself, on another device, as the archive tells. */
  onRead: (jid: Jid, entry: Entry) => void = () => {};

  constructor(
    private readonly core: Core,
    readonly cache: Cache,
  ) {}

  /**
   * Notes what was heard. What comes from history, ascending, gets its place below `bound`; live messages go to the end.
   * Call it inside `core.serial(jid)`.
   */
  async note(jid: Jid, heard: readonly Heard[], bound?: number): Promise<readonly Noted[]> {
    const work = new Work(this.core.me, jid, this.cache);
    const messages = heard.filter((h): h is HeardMessage => h.said.kind === 'message');
    const orders = bound === undefined ? [] : await work.places(messages, bound);
    for (const [at, one] of messages.entries()) await work.message(one, orders[at]);
    for (const one of heard) if (one.said.kind !== 'message') await work.change(one.said, one.by, one.time);
    const { entries, befores, noted } = work.result();
    await this.core.shared.write([...this.cache.changes(entries, befores), ...work.orphanChanges()]);
    if (work.readUpTo) this.onRead(jid, work.readUpTo);
    return noted;
  }

  /** Changes one's own view of one message. */
  async alter(jid: Jid, id: string, change: (entry: Entry) => Entry): Promise<Entry | undefined> {
    const before = await this.cache.byId(jid, id);
    if (!before) return undefined;
    const after = change(before);
    await this.core.shared.write(this.cache.changes([after], [before]));
    return after;
  }
}

/** One batch: reads through what it has already changed, so that nothing is written twice. */
class Work {
  private readonly changed = new Map<string, { before: Entry | undefined; after: Entry }>();
  private readonly aliases = new Map<string, string>();
  private readonly orphans = new Map<string, readonly Orphan[]>();
  readUpTo: Entry | null = null;

  constructor(
    private readonly me: Jid,
    private readonly jid: Jid,
    private readonly cache: Cache,
  ) {}

  result(): { entries: Entry[]; befores: (Entry | undefined)[]; noted: Noted[] } {
    const all = [...this.changed.values()].filter((c) => c.after !== c.before);
    return {
      entries: all.map((c) => c.after),
      befores: all.map((c) => c.before),
      noted: all.map(({ after, before }) => ({ entry: after, isNew: !before })),
    };
  }

  orphanChanges(): Change[] {
    return [...this.orphans].map(([name, orphans]) => this.cache.orphan(this.jid, name, orphans));
  }

  /** From the end: what is known keeps its place where that fits; the archive's order always holds. */
  async places(messages: readonly HeardMessage[], bound: number): Promise<readonly number[]> {
    const orders: number[] = [];
    let above = bound;
    for (let at = messages.length - 1; at >= 0; at--) {
      const kept = (await this.known(messages[at]!))?.order ?? -1;
      const millisecond = messages[at]!.time * ORDER;
      above = kept < above && kept >= millisecond && kept < millisecond + ORDER ? kept : Math.min(millisecond, above - 1);
      orders[at] = above;
    }
    return orders;
  }

  async message(heard: HeardMessage, order?: number): Promise<void> {
    const known = await this.known(heard);
    if (known) return this.put(known, this.merged(known, heard, order));
    if (await this.cache.isRemoved(this.jid, namesOf(heard))) return;
    const entry = await this.made(heard, order ?? (await this.lastOrder(heard.time)));
    this.put(undefined, entry);
    for (const name of new Set([entry.reference, entry.stanzaId].filter(Boolean))) await this.adopt(name);
  }

  async change(said: Change_, by: Jid, time: number): Promise<void> {
    if (by === this.me && said.kind === 'displayed') {
      const seen = await this.find(side(false) + said.target);
      if (seen && seen.order > (this.readUpTo?.order ?? 0)) this.readUpTo = seen;
      return;
    }
    // Only the author edits and recalls; receipts, markers and errors speak of what one sent to whom they come from.
    const mine = said.kind === 'edit' || said.kind === 'recall' ? by === this.me : by !== this.me;
    const target = said.kind === 'reactions' ? await this.either(said.target) : await this.find(side(mine) + said.target);
    if (!target) return this.orphan(said, by, time);
    if (said.kind === 'displayed') return this.displayed(target);
    this.put(target, applied(target, said, by, time, this.me));
  }

  /** All of mine up to the one that was named are read. */
  private async displayed(target: Entry): Promise<void> {
    const before = await this.cache.range(this.jid, 0, target.order + 1, 200);
    const kept = before.map((e) => this.changed.get(e.id)?.after ?? e);
    for (const entry of new Set([...kept, ...[...this.changed.values()].map((c) => c.after), target]))
      if (entry.mine && entry.order <= target.order && entry.state !== 'uploading' && furtherThan('read', entry.state)) this.put(entry, { ...entry, state: 'read', error: null, wire: null });
  }

  private async known({ archiveId, mine, originId, stanzaId }: Heard): Promise<Entry | undefined> {
    if (archiveId) {
      const same = await this.find(`=${archiveId}`);
      if (same) return same;
    }
    const name = originId || stanzaId;
    const candidate = name ? await this.find(side(mine) + name) : undefined;
    // An id that is used again for another message: some clients count from 1 after each start.
    const reused = candidate?.archiveId && archiveId && candidate.archiveId !== archiveId && !originId;
    return reused ? undefined : candidate;
  }

  /** The archive knows better when it was, and where it stands. */
  private merged(known: Entry, { archiveId, mine, said, time }: HeardMessage, order?: number): Entry {
    const stored = mine && archiveId && known.state === 'sending' ? { state: 'sent' as const, wire: null } : {};
    const place = order === undefined || order === known.order ? {} : { order, time };
    const gone = said.recalled && !known.recalled ? BLANK : {};
    return { ...known, ...stored, ...place, ...gone, archiveId: known.archiveId ?? archiveId };
  }

  private async made(heard: HeardMessage, order: number): Promise<Entry> {
    const { said, by, mine, time, archiveId, stanzaId, originId } = heard;
    const reference = originId || stanzaId || archiveId || newId();
    const natural = side(mine) + reference;
    const id = (await this.find(natural)) ? `${natural}#${archiveId ?? newId()}` : natural;
    const answered = said.reply ? await this.either(said.reply.reference) : undefined;
    return {
      id, conversation: this.jid, author: by, mine, time, order, archiveId, reference, stanzaId,
      body: said.body, files: said.files, edited: false, editTime: 0, recalled: said.recalled, encrypted: said.encrypted,
      forwarded: said.forwardedFrom === null ? null : { name: said.forwardedFrom },
      reply: said.reply && {
        id: answered?.id ?? null,
        reference: said.reply.reference,
        author: answered?.author ?? said.reply.author,
        preview: answered ? firstWords(answered.body || answered.files[0]?.name || '') : firstWords(said.reply.quote),
      },
      reactions: [], reactors: {}, state: mine ? 'sent' : 'delivered', error: null, wire: null, wantsReceipt: said.wantsReceipt,
    };
  }

  /** What was said about this message before it was known. */
  private async adopt(name: string): Promise<void> {
    const waiting = await this.orphansOf(name);
    if (!waiting.length) return;
    this.orphans.set(name, []);
    for (const { said, by, time } of waiting) await this.change(said as Change_, by, time);
  }

  private async orphan(said: Change_, by: Jid, time: number): Promise<void> {
    if (said.kind === 'error') return;
    const others = await this.orphansOf(said.target);
    // The newest of a kind holds; times may be equal.
    const older = (o: Orphan): boolean => o.by === by && o.said.kind === said.kind && o.time <= time;
    this.orphans.set(said.target, [...others.filter((o) => !older(o)), { said, by, time }].slice(-50));
  }

  private async orphansOf(name: string): Promise<readonly Orphan[]> {
    return this.orphans.get(name) ?? this.cache.orphans(this.jid, name);
  }

  private async either(reference: string): Promise<Entry | undefined> {
    return (await this.find(side(true) + reference)) ?? (await this.find(side(false) + reference)) ?? this.find(`=${reference}`);
  }

  private async find(name: string): Promise<Entry | undefined> {
    const id = this.aliases.get(name);
    if (id) return this.changed.get(id)!.after;
    const kept = await this.cache.byId(this.jid, name);
    return kept && (this.changed.get(kept.id)?.after ?? kept);
  }

  private async lastOrder(time: number): Promise<number> {
    const kept = await this.cache.orderAfter(this.jid, time);
    return [...this.changed.values()].reduce((highest, { after }) => Math.max(highest, after.order + 1), Math.max(kept, Math.floor(time) * ORDER));
  }

  private put(before: Entry | undefined, after: Entry): void {
    const first = this.changed.get(after.id);
    this.changed.set(after.id, { before: first ? first.before : before, after });
    const s = side(after.mine);
    for (const name of [s + after.reference, s + after.stanzaId]) if (!this.aliases.has(name)) this.aliases.set(name, after.id);
    if (after.archiveId) this.aliases.set(`=${after.archiveId}`, after.id);
    this.aliases.set(after.id, after.id);
  }
}

function namesOf({ archiveId, mine, originId, stanzaId }: Heard): readonly string[] {
  return [archiveId && `=${archiveId}`, (originId || stanzaId) && side(mine) + (originId || stanzaId)].filter((n): n is string => !!n);
}

const BLANK = { recalled: true, body: '', files: [], reactions: [], reactors: {}, reply: null, edited: false } as const;

function applied(entry: Entry, said: Change_, by: Jid, time: number, me: Jid): Entry {
  switch (said.kind) {
    case 'edit':
      return entry.recalled || time < entry.editTime ? entry : { ...entry, body: said.body, edited: true, editTime: time };
    case 'recall':
      return { ...entry, ...BLANK };
    case 'reactions': {
      if (entry.recalled || time < (entry.reactors[by]?.time ?? 0)) return entry;
      const reactors = { ...entry.reactors, [by]: { emoji: said.emoji, time } };
      return { ...entry, reactors, reactions: reactionsOf(reactors, me) };
    }
    case 'received':
      return entry.mine && furtherThan('delivered', entry.state) ? { ...entry, state: 'delivered', error: null, wire: null } : entry;
    case 'error':
      return entry.mine && !furtherThan(entry.state, 'sent') ? { ...entry, state: 'failed', error: said.code } : entry;
    case 'displayed':
      return entry;
  }
}
