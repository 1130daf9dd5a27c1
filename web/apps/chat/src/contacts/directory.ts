// The server's directory, asked once somebody pauses typing. Only people who chose to be found are in it.
import type { Found } from '@magpie/client';
import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js';
import { codeText, codeOf } from '../errors';
import { useClient, useClientStore } from '../state/client';

const pauseMs = 300;

export interface DirectorySearch {
  /** Undefined: not asked, or not answered yet. */
  readonly found: Accessor<readonly Found[] | undefined>;
  readonly busy: Accessor<boolean>;
  readonly error: Accessor<string | undefined>;
}

/** One Latin letter finds everybody; one Han character is a surname. */
const enough = (words: string) => words.length > 1 || /\p{Script=Han}/u.test(words);

export function searchDirectory(words: Accessor<string>): DirectorySearch {
  const client = useClient();
  const features = useClientStore((known) => known.connection.features);
  const [found, setFound] = createSignal<readonly Found[]>();
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();
  createEffect(() => {
    const wanted = words().trim();
    setFound(undefined);
    setError(undefined);
    const asks = features().directory && enough(wanted);
    setBusy(asks);
    if (!asks) return;
    let stale = false;
    const timer = setTimeout(() => {
      client.directory
        .find(wanted)
        .then(
          (people) => stale || setFound(people),
          (failure: unknown) => stale || setError(codeText(codeOf(failure))),
        )
        .finally(() => stale || setBusy(false));
    }, pauseMs);
    onCleanup(() => {
      stale = true;
      clearTimeout(timer);
    });
  });
  return { found, busy, error };
}
