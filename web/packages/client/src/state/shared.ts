// State that all tabs see: tables in storage and tables in memory, with one feed of changes. Whoever writes, every tab
// hears of it, the writer's own first. Stores are views over this feed and know nothing of tabs.
import type { Change, Storage, Table } from '../api/client';
import { asClientError } from '../base/conditions';

/** Tables that are not kept: what holds only while the connection stands. */
export type LiveTable = 'connection' | 'presence' | 'typing' | 'progress';
export type AnyTable = Table | LiveTable | 'event';
export type AnyChange = readonly [table: AnyTable, key: string, value: unknown];
type Watcher = (changes: readonly (readonly [key: string, value: unknown])[]) => void;

export class Shared {
  private readonly watchers = new Map<AnyTable, Watcher[]>();
  private readonly live = new Map<AnyTable, Map<string, unknown>>();
  /** Where other tabs hear of changes. */
  tell: (changes: readonly AnyChange[], live: boolean) => void = () => {};

  constructor(readonly storage: Storage) {}

  /** Changes of one table, in order. */
  watch(table: AnyTable, watcher: Watcher): void {
    this.watchers.set(table, [...(this.watchers.get(table) ?? []), watcher]);
  }

  get<T>(table: Table, key: string): Promise<T | undefined> {
    return this.storage.get(table, key) as Promise<T | undefined>;
  }

  /** Values whose keys begin with `prefix` followed by a tab, or the whole table. */
  async all<T>(table: Table, prefix = ''): Promise<(readonly [key: string, value: T])[]> {
    const [from, to] = prefix ? [`${prefix}\t`, `${prefix}\n`] : ['', '\uffff'];
    return (await this.storage.range(table, from, to)) as (readonly [string, T])[];
  }

  /** Everybody sees it at once; the promise tells when it is kept. */
  write(changes: readonly Change[]): Promise<void> {
    if (!changes.length) return Promise.resolve();
    // Storing begins before anybody hears of it: who hears may write as well, and must come after.
    const kept = this.storage.write(changes);
    this.publish(changes);
    return kept.catch((error: unknown) => {
      throw asClientError(error, 'storage-failed');
    });
  }

  /** Kept as long as the connection; `undefined` forgets. */
  put(table: LiveTable, key: string, value: unknown): void {
    this.publish([[table, key, value]], true);
  }

  /** Not kept at all: a moment. */
  say(event: string, value: unknown): void {
    this.publish([['event', event, value]]);
  }

  peek<T>(table: LiveTable, key: string): T | undefined {
    return this.live.get(table)?.get(key) as T | undefined;
  }

  forget(table: LiveTable): void {
    this.publish([...(this.live.get(table)?.keys() ?? [])].map((key) => [table, key, undefined] as const), true);
  }

  /** All that is in memory, for a tab that has just come. */
  snapshot(): readonly AnyChange[] {
    return [...this.live].flatMap(([table, values]) => [...values].map(([key, value]) => [table, key, value] as const));
  }

  /** From this tab or another. */
  heard(changes: readonly AnyChange[], live = false): void {
    const tables = new Map<AnyTable, (readonly [string, unknown])[]>();
    for (const [table, key, value] of changes) {
      if (live) this.remember(table, key, value);
      const entries = tables.get(table) ?? [];
      entries.push([key, value]);
      tables.set(table, entries);
    }
    for (const [table, entries] of tables) for (const watcher of this.watchers.get(table) ?? []) watcher(entries);
  }

  private publish(changes: readonly AnyChange[], live = false): void {
    if (!changes.length) return;
    this.heard(changes, live);
    this.tell(changes, live);
  }

  private remember(table: AnyTable, key: string, value: unknown): void {
    const values = this.live.get(table) ?? new Map<string, unknown>();
    this.live.set(table, values);
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
}
