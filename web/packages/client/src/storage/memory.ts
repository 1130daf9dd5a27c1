// Storage that lives as long as the process: Node, tests, private windows.
import type { Change, Storage, Table } from '../api/client';

export class MemoryStorage implements Storage {
  private readonly tables = new Map<Table, Map<string, unknown>>();
  /** Keys in order; null after a key came or went. */
  private readonly sorted = new Map<Table, string[] | null>();

  private table(name: Table): Map<string, unknown> {
    let table = this.tables.get(name);
    if (!table) this.tables.set(name, (table = new Map()));
    return table;
  }

  async get(table: Table, key: string): Promise<unknown> {
    return this.table(table).get(key);
  }

  async write(changes: readonly Change[]): Promise<void> {
    for (const [name, key, value] of changes) {
      const table = this.table(name);
      if (value === undefined ? table.has(key) : !table.has(key)) this.sorted.set(name, null);
      if (value === undefined) table.delete(key);
      else table.set(key, value);
    }
  }

  async range(table: Table, from: string, to: string, options: { limit?: number; last?: boolean } = {}): Promise<(readonly [string, unknown])[]> {
    const keys = this.keys(table);
    const [start, end] = [lowerBound(keys, from), lowerBound(keys, to)];
    const limit = options.limit ?? Infinity;
    const chosen = options.last ? keys.slice(Math.max(start, end - limit), end) : keys.slice(start, Math.min(end, start + limit));
    return chosen.map((key) => [key, this.table(table).get(key)] as const);
  }

  async clear(tables?: readonly Table[]): Promise<void> {
    for (const name of tables ?? [...this.tables.keys()]) {
      this.tables.delete(name);
      this.sorted.delete(name);
    }
  }

  close(): void {}

  private keys(name: Table): string[] {
    const known = this.sorted.get(name);
    if (known) return known;
    const keys = [...this.table(name).keys()].sort((a, b) => (a < b ? -1 : 1));
    this.sorted.set(name, keys);
    return keys;
  }
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  for (let high = keys.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
