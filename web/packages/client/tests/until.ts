// Waiting for events instead of for time.
import type { Store } from '../src/index';

const PATIENCE = 30_000;

/** The store's value once it is as wanted; fails with the last value after a deadline. */
export function until<T>(store: Store<T>, wanted: (value: T) => boolean, what = wanted.toString(), patience = PATIENCE): Promise<T> {
  if (wanted(store.get())) return Promise.resolve(store.get());
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
    };
    const stop = store.subscribe((value) => {
      if (!wanted(value)) return;
      done();
      resolve(value);
    });
    const timer = setTimeout(() => {
      done();
      reject(new Error(`never came: ${what}; last seen: ${JSON.stringify(store.get())?.slice(0, 2000)}`));
    }, patience);
  });
}

/** A promise's value, or failure after a deadline. */
export function within<T>(promise: Promise<T>, what: string, patience = PATIENCE): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`never came: ${what}`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
