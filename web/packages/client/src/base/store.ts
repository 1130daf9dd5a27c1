// The implementation behind `Store`, and typed events.
import type { Store, Unsubscribe } from '../api/base';

export class Value<T> implements Store<T> {
  private readonly listeners = new Set<(value: T) => void>();
  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  subscribe(listener: (value: T) => void): Unsubscribe {
    const own = (value: T): void => listener(value);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  set(value: T): void {
    if (value === this.value) return;
    this.value = value;
    for (const listener of [...this.listeners]) call(listener, value);
  }
}

/** The values a store may take, one per key, each made when first asked for. */
export class Keyed<T> {
  private readonly stores = new Map<string, Value<T>>();
  constructor(private readonly initial: (key: string) => T) {}

  of(key: string): Value<T> {
    let store = this.stores.get(key);
    if (!store) this.stores.set(key, (store = new Value(this.initial(key))));
    return store;
  }

  /** Sets only what somebody has asked for. */
  refresh(key: string): void {
    this.stores.get(key)?.set(this.initial(key));
  }

  refreshAll(): void {
    for (const key of this.stores.keys()) this.refresh(key);
  }
}

export class Events<E> {
  private readonly listeners = new Map<keyof E, Set<(value: never) => void>>();

  on<K extends keyof E>(event: K, listener: (value: E[K]) => void): Unsubscribe {
    const own = (value: E[K]): void => listener(value);
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set.add(own));
    return () => set.delete(own);
  }

  emit<K extends keyof E>(event: K, value: E[K]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) call(listener as (value: E[K]) => void, value);
  }
}

/** A listener that throws must not keep the others, or the protocol, from going on: its error is reported as uncaught. */
function call<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
