// What is loaded of a conversation, kept up to date by the feed of changes. The same in every tab.
import { ClientError, type Jid } from '../api/base';
import type { Message, Timeline, TimelineStatus } from '../api/messages';
import { asClientError } from '../base/conditions';
import { Value } from '../base/store';
import type { Cache } from './cache';
import type { History } from './history';
import { byOrder, type Entry } from './entry';

const PAGE = 50;

export class OpenTimeline implements Timeline {
  readonly messages = new Value<readonly Message[]>([]);
  readonly status = new Value<TimelineStatus>({ loading: true, atStart: false, current: false, error: null });
  firstUnread: string | null = null;
  private entries: readonly Entry[] = [];
  /** All kept messages from this order on are loaded. */
  private from = 0;
  private closed = false;

  constructor(
    readonly conversation: Jid,
    private readonly cache: Cache,
    private readonly history: History,
    private readonly dropped: (timeline: OpenTimeline) => void,
  ) {}

  /** Paints what is kept. Changes that come while it reads are not lost: the feed is watched before. */
  async paint(unread: number): Promise<void> {
    const { floor } = await this.cache.sync(this.conversation);
    const wanted = Math.max(PAGE, unread + 10);
    const kept = await this.cache.range(this.conversation, floor, Number.MAX_SAFE_INTEGER, wanted);
    this.from = kept.length < wanted ? floor : kept[0]!.order;
    this.merge(kept, []);
    this.firstUnread = unread ? (this.entries.filter((e) => !e.mine && !e.recalled).at(-unread)?.id ?? null) : null;
    this.set({ loading: false, atStart: await this.isAtStart() });
  }

  async older(): Promise<boolean> {
    this.set({ loading: true, error: null });
    try {
      const more = (await this.olderKept()) || ((await this.history.older(this.conversation)) && (await this.olderKept()));
      const atStart = await this.isAtStart();
      this.set({ loading: false, atStart });
      return more || !atStart;
    } catch (error) {
      const failure = asClientError(error);
      this.set({ loading: false, error: failure.code });
      throw failure;
    }
  }

  async reveal(reference: string): Promise<Message | null> {
    for (;;) {
      const found = this.entries.find((e) => e.id === reference || e.reference === reference || e.archiveId === reference);
      if (found) return found;
      if (this.closed) throw new ClientError('cancelled');
      if (!(await this.older())) return null;
    }
  }

  close(): void {
    this.closed = true;
    this.dropped(this);
  }

  /** From the feed: `undefined` under a key that is loaded takes it away. */
  changed(changes: readonly (readonly [key: string, entry: Entry | undefined])[]): void {
    const gone = changes.filter(([, entry]) => !entry).map(([key]) => key);
    this.merge(changes.flatMap(([, entry]) => (entry && entry.order >= this.from ? [entry] : [])), gone);
  }

  /** All up to now is here, or not any more. */
  async setCurrent(current: boolean): Promise<void> {
    const { floor } = await this.cache.sync(this.conversation);
    // A hole was left: what lies before it is read again when scrolled to.
    if (current && floor > this.from) {
      this.from = floor;
      this.show(this.entries.filter((e) => e.order >= floor));
    }
    this.set({ current, atStart: await this.isAtStart() });
  }

  private async isAtStart(): Promise<boolean> {
    const { complete, floor } = await this.cache.sync(this.conversation);
    return complete && !(await this.cache.range(this.conversation, floor, this.from, 1)).length;
  }

  private async olderKept(): Promise<boolean> {
    const { floor } = await this.cache.sync(this.conversation);
    const kept = await this.cache.range(this.conversation, floor, this.from, PAGE);
    if (!kept.length) return false;
    this.from = kept[0]!.order;
    this.merge(kept, []);
    return true;
  }

  private merge(entries: readonly Entry[], goneKeys: readonly string[]): void {
    if (!entries.length && !goneKeys.length) return;
    const news = new Map(entries.map((e) => [e.id, e]));
    const gone = new Set(goneKeys.map((key) => key.slice(key.indexOf('\t') + 1)));
    const kept = this.entries.filter((e) => !news.has(e.id) && !gone.has(`${String(e.order).padStart(16, '0')}\t${e.id}`));
    this.show([...kept, ...news.values()].sort(byOrder));
  }

  private show(entries: readonly Entry[]): void {
    this.entries = entries;
    this.messages.set(entries);
  }

  private set(change: Partial<TimelineStatus>): void {
    this.status.set({ ...this.status.get(), ...change });
  }
}
