// What was seen is told to the server, and what comes while nobody looks gets the "new messages" divider.
import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js';
import type { Message } from '@magpie/client';
import type { Chat } from './state';

function createLooking(): Accessor<boolean> {
  const now = () => document.visibilityState === 'visible' && document.hasFocus();
  const [looking, setLooking] = createSignal(now());
  const update = () => setLooking(now());
  const events = ['focus', 'blur'] as const;
  for (const event of events) addEventListener(event, update);
  document.addEventListener('visibilitychange', update);
  onCleanup(() => {
    for (const event of events) removeEventListener(event, update);
    document.removeEventListener('visibilitychange', update);
  });
  return looking;
}

export function followReading(chat: Chat, bottom: Accessor<number>, pinned: Accessor<boolean>): void {
  const looking = createLooking();
  let told: Message | undefined;
  createEffect(() => {
    const rows = chat.rows.all();
    const until = pinned() ? rows.length - 1 : bottom();
    if (!looking() || until < 0) return;
    for (let at = Math.min(until, rows.length - 1); at >= 0; at--) {
      const message = rows[at]?.message();
      if (!message || message.mine) continue;
      // Never back, while the list is still on its way to where it opens.
      if (told && (message.id === told.id || message.time < told.time)) return;
      if (chat.conversation()?.unread || chat.conversation()?.marked || message.state !== 'read') {
        told = message;
        chat.client.messages.displayed(chat.jid, message.id).catch(() => (told = undefined));
      }
      return;
    }
  });
  // The divider stays until the chat is left; a later absence moves it.
  createEffect(
    on(
      () => chat.rows.all().at(-1)?.id,
      (id, before) => {
        const message = chat.rows.all().at(-1)?.message();
        if (!id || !before || id === before || !message || message.mine || (looking() && pinned())) return;
        if (!chat.firstUnread() || !chat.conversation()?.unread) chat.setFirstUnread(id);
      },
      { defer: true },
    ),
  );
}
