// A store that can be written: what every part of the in-memory SDK is made of.
import type { Store } from '../../../../packages/client/src/api/base';

export interface Cell<T> extends Store<T> {
  set(value: T): void;
  update(change: (value: T) => T): void;
}

export function cell<T>(value: T): Cell<T> {
  const listeners = new Set<(value: T) => void>();
  const set = (next: T) => {
    if (next === value) return;
    value = next;
    for (const listener of [...listeners]) listener(next);
  };
  return {
    get: () => value,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set,
    update: (change) => set(change(value)),
  };
}

/** One cell per key, made when first asked for. */
export function cells<T>(make: (key: string) => T): (key: string) => Cell<T> {
  const all = new Map<string, Cell<T>>();
  return (key) => {
    let found = all.get(key);
    if (!found) all.set(key, (found = cell(make(key))));
    return found;
  };
}

/** A server's answer that takes a moment. */
export const answer = <T>(value: T, ms = 250): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms));
