// One thing a person asked for: its wait, and its failure in words, as a notice or beside the field.
import { composing, toast } from '@magpie/ui';
import { createSignal } from 'solid-js';
import { errorText } from '../errors';

/** For buttons without a place for an error. */
export const tell = (error: unknown): void => void toast(errorText(error), { kind: 'danger' });

export function createAction() {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();
  const run = async (act: () => Promise<void>): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    setError(undefined);
    try {
      await act();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run, clear: () => setError(undefined) };
}

export async function copyText(text: string, done: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(() => toast(done), tell);
}

/** For forms: an Enter that ends a composition does not submit. */
export function guardComposition(event: KeyboardEvent): void {
  if (event.key === 'Enter' && composing(event)) event.preventDefault();
}
