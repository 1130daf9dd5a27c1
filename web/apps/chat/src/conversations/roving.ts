// Arrow keys in a long list where only the rows in sight exist: one row takes the Tab key, the others are reached by arrows.
import { composing } from '@magpie/ui';
import { createSignal, type Accessor } from 'solid-js';
import type { VirtualizerHandle } from 'virtua/solid';

export interface Roving {
  /** Index of the row that Tab reaches. Keep it mounted. */
  readonly index: Accessor<number>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocusIn: (event: FocusEvent) => void;
  /** Moves the focus into the list. */
  enter(): void;
  setHandle(handle: VirtualizerHandle | undefined): void;
  setBox(box: HTMLElement): void;
}

export interface RovingOptions {
  readonly count: Accessor<number>;
  readonly indexOf: (jid: string) => number;
  /** The open one. */
  readonly selected: Accessor<string | null>;
  /** Rows that cannot be focused, such as headings. */
  readonly skips?: (index: number) => boolean;
}

export function createRoving(options: RovingOptions): Roving {
  const [focused, setFocused] = createSignal<string | null>(null);
  let handle: VirtualizerHandle | undefined;
  let box: HTMLElement | undefined;
  const skips = (index: number) => options.skips?.(index) ?? false;
  const first = (from: number, by: 1 | -1): number => {
    let at = from;
    while (at >= 0 && at < options.count() && skips(at)) at += by;
    return at;
  };
  const index = () => {
    const wanted = focused() ?? options.selected();
    const found = wanted === null ? -1 : options.indexOf(wanted);
    return found >= 0 ? found : first(0, 1);
  };
  const go = (to: number) => {
    if (to < 0 || to >= options.count()) return;
    handle?.scrollToIndex(to, { align: 'nearest' });
    // The row may only come into being with the scroll.
    requestAnimationFrame(() => box?.querySelector<HTMLElement>(`[data-index="${to}"] [data-jid]`)?.focus({ preventScroll: true }));
  };
  const targets: Record<string, () => number> = {
    ArrowDown: () => first(index() + 1, 1),
    ArrowUp: () => first(index() - 1, -1),
    Home: () => first(0, 1),
    End: () => first(options.count() - 1, -1),
    PageDown: () => first(Math.min(options.count() - 1, index() + 8), -1),
    PageUp: () => first(Math.max(0, index() - 8), 1),
  };
  return {
    index,
    onKeyDown(event) {
      const target = targets[event.key];
      if (!target || event.altKey || event.ctrlKey || event.metaKey || composing(event)) return;
      event.preventDefault();
      go(target());
    },
    onFocusIn(event) {
      const row = (event.target as HTMLElement).closest<HTMLElement>('[data-jid]');
      if (row?.dataset['jid']) setFocused(row.dataset['jid']);
    },
    enter: () => go(index()),
    setHandle: (next) => (handle = next),
    setBox: (next) => (box = next),
  };
}
