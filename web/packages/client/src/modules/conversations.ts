// The list of conversations: what the inbox (0430) and the messages say, and what one did with them.
import type { Jid } from '../api/base';
import type { Change } from '../api/client';
import type { Conversation, Conversations, Preview } from '../api/messages';
import { Keyed, Value } from '../base/store';
import type { Cache } from '../messages/cache';
import { counts, previewOf, type Entry } from '../messages/entry';
import type { TalkListener } from '../messages/talk';
import type { Core, Module } from '../state/core';
import type { Names } from './names';

/** As it is kept. Written by the leading tab only. */
export interface Talked {
  readonly jid: Jid;
  readonly unread: number;
  readonly pinned: boolean;
  readonly muted: boolean;
  readonly marked: boolean;
  readonly hidden: boolean;
  readonly last: Preview | null;
  /** Where `last` stands among its messages. */
  readonly lastOrder: number;
  readonly time: number;
}

const DRAFT = 'draft\t';
const TALK = 'talk\t';

export class ConversationList implements Module, Pick<Conversations, 'list' | 'unread' | 'get' | 'of' | 'begin' | 'setDraft'>, TalkListener {
  readonly list = new Value<readonly Conversation[]>([]);
  readonly unread = new Value(0);
  private readonly talked = new Map<Jid, Talked>();
  private readonly drafts = new Map<Jid, string>();
  private readonly shown = new Map<Jid, Conversation>();
  private readonly stale = new Set<Jid>();
  /** The order of the newest message known to be read. */
  private readonly read = new Map<Jid, number>();
  private readonly stores: Keyed<Conversation | null>;

  constructor(
    private readonly core: Core,
    private readonly cache: Cache,
    private readonly names: Names,
  ) {
    this.stores = new Keyed((jid) => this.shown.get(jid) ?? null);
    core.shared.watch('conversations', (changes) => this.changed(changes));
    core.shared.watch('messages', (changes) => this.messages(changes));
    core.shared.watch('typing', (changes) => changes.forEach(([jid]) => this.touch(jid)));
    names.watch((jid) => this.touch(jid));
  }

  async load(): Promise<void> {
    this.changed(await this.core.shared.storage.range('conversations', '', '\uffff'));
    this.render();
  }

  reset(): void {
    for (const known of [this.talked, this.drafts, this.read]) known.clear();
    for (const jid of this.shown.keys()) this.stale.add(jid);
    this.render();
  }

  // --- what is heard -----------------------------------------------------------------------------------------------

  arrived(jid: Jid, entries: readonly Entry[]): void {
    const fresh = entries.filter(counts).length;
    if (fresh) this.update(jid, { unread: (this.talked.get(jid)?.unread ?? 0) + fresh });
  }

  /** Never back: what was read stays read, whichever count is there first. */
  readUpTo(jid: Jid, { order }: Entry): void {
    if (this.read.get(jid)! > order) return;
    this.read.set(jid, order);
    void this.cache
      .range(jid, order + 1, Number.MAX_SAFE_INTEGER, 999)
      .then((after) => order === this.read.get(jid) && this.update(jid, { unread: after.filter(counts).length, marked: false }))
      .catch(this.core.trouble);
  }

  unreadIn(jid: Jid): number {
    return this.talked.get(jid)?.unread ?? 0;
  }

  mutedIn(jid: Jid): boolean {
    return this.talked.get(jid)?.muted ?? false;
  }

  /** The leading tab follows the messages of all tabs: the newest one is the preview. */
  private messages(changes: readonly (readonly [string, unknown])[]): void {
    if (!this.core.tabs.leads.get()) return;
    const newest = new Map<Jid, Entry>();
    for (const [key, value] of changes) {
      const jid = key.slice(0, key.indexOf('\t'));
      const entry = value as Entry | undefined;
      if (!entry) this.removed(jid, key.slice(key.lastIndexOf('\t') + 1));
      else if (entry.order >= (newest.get(jid)?.order ?? 0)) newest.set(jid, entry);
      const known = this.talked.get(jid);
      if (entry && known?.last?.id === entry.id) this.update(jid, { last: previewOf(entry), lastOrder: entry.order });
    }
    for (const [jid, entry] of newest) {
      const known = this.talked.get(jid);
      if (entry.order > (known?.lastOrder ?? 0) && known?.last?.id !== entry.id)
        this.update(jid, { last: previewOf(entry), lastOrder: entry.order, time: entry.time, hidden: false });
    }
  }

  /** The last one may be gone, or only have moved. */
  private removed(jid: Jid, id: string): void {
    if (this.talked.get(jid)?.last?.id !== id) return;
    void this.cache.range(jid, 0, Number.MAX_SAFE_INTEGER, 1).then(([last]) => {
      if (this.talked.get(jid)?.last?.id === id && last) this.update(jid, { last: previewOf(last), lastOrder: last.order });
      else if (!last) this.update(jid, { last: null });
    }).catch(this.core.trouble);
  }

  /** What the leading tab knows better. */
  update(jid: Jid, change: Partial<Talked>): void {
    this.learn([[jid, change]]);
  }

  /** Several at once, each once: the list is made anew once. */
  learn(changes: readonly (readonly [Jid, Partial<Talked>])[]): void {
    const fresh = { unread: 0, pinned: false, muted: false, marked: false, hidden: false, last: null, lastOrder: 0, time: this.core.now() };
    const written = changes.map(([jid, change]): Change => ['conversations', TALK + jid, { ...(this.talked.get(jid) ?? { jid, ...fresh }), ...change }]);
    void this.core.shared.write(written).catch(this.core.trouble);
  }

  known(jid: Jid): Talked | undefined {
    return this.talked.get(jid);
  }

  // --- Conversations -----------------------------------------------------------------------------------------------

  get(jid: Jid): Conversation | undefined {
    return this.shown.get(jid);
  }

  of(jid: Jid): Value<Conversation | null> {
    return this.stores.of(jid);
  }

  begin(jid: Jid): void {
    const known = this.talked.get(jid);
    if (!known || known.hidden) this.update(jid, { hidden: false, time: known?.time ?? this.core.now() });
  }

  async setDraft(jid: Jid, text: string): Promise<void> {
    if ((this.drafts.get(jid) ?? '') === text) return;
    await this.core.shared.write([['conversations', DRAFT + jid, text || undefined]]).catch(this.core.trouble);
  }

  // --- views -------------------------------------------------------------------------------------------------------

  private changed(changes: readonly (readonly [string, unknown])[]): void {
    for (const [key, value] of changes) {
      const map: Map<Jid, unknown> = key.startsWith(DRAFT) ? this.drafts : this.talked;
      const jid = key.slice(key.indexOf('\t') + 1);
      if (value === undefined) map.delete(jid);
      else map.set(jid, value);
      this.touch(jid);
    }
  }

  private touch(jid: Jid): void {
    if (!this.stale.size) queueMicrotask(() => this.stale.size && this.render());
    this.stale.add(jid);
  }

  private render(): void {
    const stale = [...this.stale];
    this.stale.clear();
    for (const jid of stale) {
      const shown = this.show(jid);
      if (shown) this.shown.set(jid, shown);
      else this.shown.delete(jid);
    }
    this.list.set([...this.shown.values()].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.time - a.time));
    this.unread.set(this.list.get().reduce((sum, c) => sum + (c.muted ? 0 : c.unread || Number(c.marked)), 0));
    for (const jid of stale) this.stores.refresh(jid);
  }

  private show(jid: Jid): Conversation | null {
    const talked = this.talked.get(jid);
    const draft = this.drafts.get(jid) ?? '';
    if (talked?.hidden && !draft) return null;
    if (!talked && !draft) return null;
    const typing = this.core.shared.peek<boolean>('typing', jid) ?? false;
    const { unread = 0, pinned = false, muted = false, marked = false, last = null, time = 0 } = talked ?? {};
    return { jid, kind: 'person', name: this.names.of(jid), unread, pinned, muted, marked, draft, typing, last, time };
  }
}
