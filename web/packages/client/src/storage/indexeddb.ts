// Storage in the browser: one IndexedDB database, one object store a table, keys beside the values.
import { ClientError } from '../api/base';
import type { Change, Storage, Table } from '../api/client';

export const TABLES: readonly Table[] = ['account', 'settings', 'contacts', 'conversations', 'messages', 'index', 'sync', 'outbox', 'blobs', 'profiles'];

export class IndexedDbStorage implements Storage {
  private constructor(private readonly db: IDBDatabase) {}

  static open(name: string): Promise<IndexedDbStorage> {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const table of TABLES) request.result.createObjectStore(table);
    };
    return answer(request).then((db) => {
      // Another tab with a newer version must be able to go on.
      db.onversionchange = () => db.close();
      return new IndexedDbStorage(db);
    });
  }

  get(table: Table, key: string): Promise<unknown> {
    return answer(this.db.transaction(table).objectStore(table).get(key));
  }

  write(changes: readonly Change[]): Promise<void> {
    return this.transact([...new Set(changes.map(([table]) => table))], (store) => {
      for (const [table, key, value] of changes) {
        if (value === undefined) store(table).delete(key);
        else store(table).put(value, key);
      }
    });
  }

  async range(table: Table, from: string, to: string, options: { limit?: number; last?: boolean } = {}): Promise<(readonly [string, unknown])[]> {
    if (from >= to) return [];
    const store = this.db.transaction(table).objectStore(table);
    const bounds = IDBKeyRange.bound(from, to, false, true);
    if (options.last && options.limit) return backward(store, bounds, options.limit);
    const [keys, values] = await Promise.all([answer(store.getAllKeys(bounds, options.limit)), answer(store.getAll(bounds, options.limit))]);
    return keys.map((key, at) => [key as string, values[at]] as const);
  }

  clear(tables: readonly Table[] = TABLES): Promise<void> {
    return this.transact(tables, (store) => tables.forEach((table) => store(table).clear()));
  }

  close(): void {
    this.db.close();
  }

  private transact(tables: readonly Table[], work: (store: (table: Table) => IDBObjectStore) => void): Promise<void> {
    if (!tables.length) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction(tables, 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(failed(transaction.error));
      try {
        work((table) => transaction.objectStore(table));
        // Without waiting for the event loop: a page that goes away in this moment has stored it.
        transaction.commit();
      } catch (error) {
        transaction.abort();
        reject(failed(error));
      }
    });
  }
}

function backward(store: IDBObjectStore, bounds: IDBKeyRange, limit: number): Promise<(readonly [string, unknown])[]> {
  return new Promise((resolve, reject) => {
    const found: (readonly [string, unknown])[] = [];
    const request = store.openCursor(bounds, 'prev');
    request.onerror = () => reject(failed(request.error));
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor) found.push([cursor.key as string, cursor.value]);
      if (cursor && found.length < limit) cursor.continue();
      else resolve(found.reverse());
    };
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failed(request.error));
  });
}

const failed = (error: unknown): ClientError => new ClientError('storage-failed', error instanceof Error ? error.message : 'IndexedDB');
