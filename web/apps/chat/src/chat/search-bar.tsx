// Search in the conversation, in place of its head: hits are marked in the messages, arrows go to older and newer ones.
import type { Message, SearchPage } from '@magpie/client';
import { BackIcon, composing, DownIcon, IconButton, SearchField, Spinner, UpIcon } from '@magpie/ui';
import { createEffect, createSignal, on, onCleanup, onMount, Show, type JSX } from 'solid-js';
import { onEscape } from '../layout/keys';
import { report, useChat } from './state';
import { t } from './text';

const pauseMs = 250;

export function SearchBar(): JSX.Element {
  const chat = useChat();
  const [hits, setHits] = createSignal<readonly Message[]>([]);
  const [more, setMore] = createSignal<SearchPage['more']>(null);
  const [at, setAt] = createSignal(-1);
  const [busy, setBusy] = createSignal(false);
  let bar!: HTMLDivElement;
  let abort: AbortController | undefined;

  const go = (index: number) => {
    const hit = hits()[index];
    if (!hit) return;
    setAt(index);
    report(chat.reveal(hit.id));
  };
  const take = (page: SearchPage) => {
    setHits((all) => [...all, ...page.hits]);
    setMore(() => page.more);
  };
  const run = async (words: string) => {
    abort?.abort();
    const mine = (abort = new AbortController());
    setHits([]);
    setMore(null);
    setAt(-1);
    setBusy(words !== '');
    if (!words) return;
    try {
      const page = await chat.client.messages.search(chat.jid, words, mine.signal);
      if (mine.signal.aborted) return;
      take(page);
      go(0);
    } catch (error) {
      if (!mine.signal.aborted) report(Promise.reject(error as Error));
    } finally {
      if (!mine.signal.aborted) setBusy(false);
    }
  };
  const older = async () => {
    const next = more();
    if (at() + 1 >= hits().length && next) {
      setBusy(true);
      try {
        take(await next());
      } finally {
        setBusy(false);
      }
    }
    go(Math.min(at() + 1, hits().length - 1));
  };
  const newer = () => go(Math.max(0, at() - 1));

  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(chat.query, (words) => {
      clearTimeout(timer);
      setBusy(words.trim() !== '');
      timer = setTimeout(() => void run(words.trim()), pauseMs);
    }),
  );
  onCleanup(() => {
    clearTimeout(timer);
    abort?.abort();
  });
  onMount(() => bar.querySelector('input')?.focus());
  const close = () => {
    chat.setSearching(false);
    chat.setQuery('');
    chat.composer?.focus();
  };
  onEscape(() => true, close);
  const keys = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === 'Enter' || event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      if (event.key === 'ArrowDown' || (event.key === 'Enter' && event.shiftKey)) newer();
      else report(older());
    }
  };
  const state = () => {
    if (busy()) return t('searching');
    if (!chat.query().trim()) return '';
    return hits().length ? t('hitOf', at() + 1, `${hits().length}${more() ? '+' : ''}`) : t('nothingFound');
  };
  return (
    <div class="search-bar" ref={bar} role="search" onKeyDown={keys}>
      <IconButton label={t('closeSearch')} title={t('closeSearch')} onClick={close}>
        <BackIcon size={22} />
      </IconButton>
      <SearchField label={t('search')} value={chat.query()} onValue={chat.setQuery} />
      <span class="search-state" aria-live="polite">
        <Show when={busy()} fallback={state()}>
          <Spinner size={16} />
        </Show>
      </span>
      <IconButton label={t('olderHit')} title={t('olderHit')} disabled={at() + 1 >= hits().length && !more()} onClick={() => report(older())}>
        <UpIcon />
      </IconButton>
      <IconButton label={t('newerHit')} title={t('newerHit')} disabled={at() <= 0} onClick={newer}>
        <DownIcon />
      </IconButton>
    </div>
  );
}
