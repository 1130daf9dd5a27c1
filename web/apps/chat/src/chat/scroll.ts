// How the timeline scrolls: held at the end while it is there, history asked for near the start, and where the person is in it.
import type { VirtualizerHandle } from 'virtua/solid';
import { createSignal, onCleanup, type Accessor } from 'solid-js';

export interface ScrollState {
  readonly pinned: Accessor<boolean>;
  /** Far enough from the end for the jump button. */
  readonly away: Accessor<boolean>;
  readonly scrolling: Accessor<boolean>;
  /** Rows at the upper and lower edge. */
  readonly top: Accessor<number>;
  readonly bottom: Accessor<number>;
}

const nearEnd = 24;
const awayFrom = 200;
const historyFrom = 800;
const restMs = 900;
/** Below every end. */
const bottomless = 1e9;

export interface ScrollOptions {
  readonly list: () => VirtualizerHandle | undefined;
  /** Near the start: more history, please. */
  readonly onStart: () => void;
}

export function createScroll(options: ScrollOptions) {
  const [pinned, setPinned] = createSignal(true);
  const [away, setAway] = createSignal(false);
  const [scrolling, setScrolling] = createSignal(false);
  const [top, setTop] = createSignal(0);
  const [bottom, setBottom] = createSignal(-1);
  let element: HTMLElement | undefined;
  let last = 0;
  let height = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const distance = () => (element ? element.scrollHeight - element.scrollTop - element.clientHeight : 0);

  const look = () => {
    const list = options.list();
    if (!element || !list) return;
    setAway(distance() > awayFrom);
    setTop(list.findItemIndex(list.scrollOffset + 8));
    setBottom(list.findItemIndex(list.scrollOffset + element.clientHeight - 32));
    if (element.scrollTop < historyFrom) options.onStart();
  };

  const scrolled = () => {
    if (!element) return;
    const now = element.scrollTop;
    // Only a person who goes up lets go of the end: content that grows, and a list that corrects itself for it, do not.
    const settles = element.scrollHeight !== height;
    setPinned(distance() <= nearEnd || (pinned() && (settles || now >= last)));
    last = now;
    height = element.scrollHeight;
    look();
  };

  /** By a person: the date shows. Programs scroll without it. */
  const moved = () => {
    clearTimeout(timer);
    setScrolling(true);
    timer = setTimeout(() => setScrolling(false), restMs);
  };

  const toEnd = () => {
    if (!element) return;
    // A way to some message that the list is still on would be resumed otherwise.
    if (!pinned()) options.list()?.scrollTo(bottomless);
    setPinned(true);
    element.scrollTop = element.scrollHeight;
    last = element.scrollTop;
    height = element.scrollHeight;
  };

  // Before the frame is painted: strips that open and pictures that load never push the end away.
  const observer = new ResizeObserver(() => {
    if (pinned()) toEnd();
    look();
  });
  onCleanup(() => {
    observer.disconnect();
    clearTimeout(timer);
  });

  return {
    state: { pinned, away, scrolling, top, bottom } satisfies ScrollState,
    attach: (scroller: HTMLElement, content: HTMLElement) => {
      element = scroller;
      observer.observe(scroller);
      observer.observe(content);
    },
    release: () => setPinned(false),
    scrolled,
    moved,
    look,
    toEnd,
  };
}
