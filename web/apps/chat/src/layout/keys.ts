// Keys that work everywhere: Ctrl+K finds, `?` lists all, Alt+Up and Alt+Down change the chat, Esc goes through what is open, last opened first.
import type { Client } from '@magpie/client';
import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js';
import { back, navigate, parent, route, toChat } from '../router';

const [finding, setFinding] = createSignal(false);
export { finding, setFinding };

const open: (() => void)[] = [];

/** While `active`, Esc runs `close` instead of what was opened before: reply strip, search, panel. Menus and dialogs come first by themselves. */
export function onEscape(active: Accessor<boolean>, close: () => void): void {
  createEffect(() => {
    if (!active()) return;
    open.push(close);
    onCleanup(() => {
      open.splice(open.lastIndexOf(close), 1);
    });
  });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function escape(): void {
  const last = open.at(-1);
  if (last) return last();
  const at = route();
  if (at.tab === 'chats' && at.panel) navigate(parent(at), { replace: true });
  else if (at.tab !== 'chats' && at.tab !== 'invite' && parent(at) !== at) back();
}

/** The chat above or below the open one in the list. */
function neighbour(client: Client, by: 1 | -1): void {
  const list = client.conversations.list.get();
  const at = route();
  const open = list.findIndex((one) => at.tab === 'chats' && one.jid === at.jid);
  const next = list[open < 0 ? 0 : open + by];
  if (next) navigate(toChat(next.jid), { replace: open >= 0 });
}

function press(client: Client, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey && !command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault();
    return neighbour(client, event.key === 'ArrowUp' ? -1 : 1);
  }
  if (command && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    setFinding(true);
  } else if (event.key === '?' && !command && !typing(event.target)) {
    event.preventDefault();
    navigate({ tab: 'settings', section: 'shortcuts' });
  } else if (event.key === 'Escape') escape();
}

/** For the life of the shell. */
export function startKeys(client: Client): void {
  const listen = (event: KeyboardEvent) => press(client, event);
  // Not on the document: menus, dialogs and components listen there, and what they took is not ours any more.
  window.addEventListener('keydown', listen);
  onCleanup(() => window.removeEventListener('keydown', listen));
}
