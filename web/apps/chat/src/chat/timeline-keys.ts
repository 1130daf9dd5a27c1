// The timeline by keyboard: arrows go through the messages, Enter opens the menu, Esc returns to the composer.
import type { Chat } from './state';
import { copyMessages } from './verbs';

interface Moves {
  readonly focus: (id: string) => void;
  readonly show: (id: string, align: 'nearest') => void;
}

export function timelineKeys(chat: Chat, moves: Moves): (event: KeyboardEvent) => void {
  const step = (by: number) => {
    const rows = chat.rows.all();
    const at = rows.findIndex((row) => row.id === chat.active());
    const next = rows[Math.min(rows.length - 1, Math.max(0, (at < 0 ? rows.length : at) + by))];
    if (!next) return;
    moves.show(next.id, 'nearest');
    moves.focus(next.id);
  };
  const open = (target: HTMLElement, id: string) => {
    const message = chat.rows.all().find((row) => row.id === id)?.message();
    const { x, y, width, height } = target.getBoundingClientRect();
    if (message) chat.setMenu({ message, at: { x, y, width, height }, kind: 'all' });
  };
  const far = 1e6;
  return (event) => {
    const target = event.target as HTMLElement;
    const id = target.dataset['id'];
    if (event.key === 'Escape' && !chat.selection()) {
      event.stopPropagation();
      return chat.composer?.focus();
    }
    if (!id || event.altKey) return;
    const command = event.ctrlKey || event.metaKey;
    const run: Readonly<Record<string, () => void>> = {
      ArrowUp: () => step(-1),
      ArrowDown: () => step(1),
      PageUp: () => step(-8),
      PageDown: () => step(8),
      Home: () => step(-far),
      End: () => step(far),
      Enter: () => (chat.selection() ? chat.toggle(id) : open(target, id)),
      ' ': () => (chat.selection() ? chat.toggle(id) : open(target, id)),
    };
    const copies = command && event.key.toLowerCase() === 'c' && !getSelection()?.toString();
    // Who types means the field.
    if (event.key.length === 1 && event.key !== ' ' && !command) return chat.composer?.focus();
    const action = copies ? () => copyMessages(chat, [id]) : command ? undefined : run[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
}
