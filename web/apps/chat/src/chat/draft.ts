// What is typed and not sent: kept for the conversation at each pause and when the page or chat is left.
import { createSignal, onCleanup } from 'solid-js';
import type { Chat } from './state';

const pauseMs = 400;

export function createDraft(chat: Chat) {
  const { conversations } = chat.client;
  const initial = conversations.get(chat.jid)?.draft ?? '';
  const [text, setText] = createSignal(initial);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The draft that waits while a message is edited. */
  let waiting: string | undefined;

  const flush = () => {
    clearTimeout(timer);
    conversations.setDraft(chat.jid, waiting ?? text());
  };
  addEventListener('pagehide', flush);
  onCleanup(() => {
    flush();
    removeEventListener('pagehide', flush);
  });
  return {
    initial,
    text,
    change: (next: string) => {
      setText(next);
      clearTimeout(timer);
      if (waiting === undefined) timer = setTimeout(flush, pauseMs);
    },
    flush,
    suspend: () => {
      waiting ??= text();
      setText(chat.editing()?.body ?? '');
    },
    resume: (): string => {
      const back = waiting ?? text();
      waiting = undefined;
      setText(back);
      return back;
    },
  };
}
