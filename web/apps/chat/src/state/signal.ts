// The only bridge between the SDK's stores and Solid: a store becomes a signal, a list becomes a store whose rows change in place.
import type { Store } from '@magpie/client';
import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';

/** Follows one store for as long as the owner lives. */
export function fromStore<T>(store: Store<T>): Accessor<T> {
  const [value, setValue] = createSignal<T>(store.get());
  onCleanup(store.subscribe((next) => setValue(() => next)));
  return value;
}

/** Follows whichever store `choose` names now: `fromChosen(() => client.presence.of(props.jid))`. */
export function fromChosen<T>(choose: () => Store<T>): Accessor<T> {
  const followed = createMemo(() => fromStore(choose()));
  return () => followed()();
}

/**
 * Follows a store of objects with a key. Rows keep their identity while their key stays, and only the fields that changed
 * update, so that `For` moves and patches rows instead of making them anew.
 */
export function fromList<T extends object>(store: Store<readonly T[]>, key: keyof T & string): readonly T[] {
  const [rows, setRows] = createStore<{ all: T[] }>({ all: [...copyOf(store.get())] });
  onCleanup(store.subscribe((next) => setRows('all', reconcile([...copyOf(next)], { key }))));
  return rows.all;
}

/** The SDK's objects are immutable, and `reconcile` writes into what it holds: plain objects and arrays are copied, all else is shared. */
function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)])) as T;
}

/** Runs when a value changes, not at first. */
export function onChange<T>(value: Accessor<T>, run: (now: T) => void): void {
  createEffect(on(value, run, { defer: true }));
}
