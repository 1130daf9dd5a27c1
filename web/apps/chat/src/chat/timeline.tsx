// The messages of a conversation: a virtual list that grows upward, with the sticky date, the jump button and the place for typing.
import { EmptyState, ChatIcon, Button, Spinner } from '@magpie/ui';
import { dayLabel } from '@magpie/ui/time';
import { Virtualizer, type VirtualizerHandle } from 'virtua/solid';
import { createEffect, createMemo, on, onCleanup, onMount, Show, untrack, type JSX } from 'solid-js';
import { fromStore } from '../state/signal';
import { Announcer } from './announcer';
import { JumpButton } from './jump-button';
import { MessageRow } from './message-row';
import { followReading } from './reading';
import { createScroll } from './scroll';
import { report, useChat } from './state';
import { t } from './text';
import { timelineKeys } from './timeline-keys';
import { Typing } from './typing';
import './timeline.css';

/** Where the first unread message lands: below the sticky date. */
const headRoom = 56;

export function Timeline(): JSX.Element {
  const chat = useChat();
  const rows = chat.rows.all;
  const status = createMemo(() => {
    const timeline = chat.timeline();
    return timeline ? fromStore(timeline.status) : undefined;
  });
  let list: VirtualizerHandle | undefined;
  let scroller!: HTMLDivElement;
  let content!: HTMLDivElement;

  const older = () => {
    const now = status()?.();
    if (!now || now.loading || now.atStart || now.error) return;
    chat.timeline()?.older().catch(() => undefined);
  };
  const scroll = createScroll({ list: () => list, onStart: older });
  const { pinned, away, scrolling, top, bottom } = scroll.state;

  const indexOf = (id: string) => rows().findIndex((row) => row.id === id);
  const show = (id: string, align: 'start' | 'center' | 'nearest' = 'center') => {
    const at = indexOf(id);
    if (at < 0) return;
    scroll.release();
    list?.scrollToIndex(at, { align, offset: align === 'start' ? -headRoom : 0 });
  };
  /** Focus goes there when the row is drawn. */
  const focus = (id: string) => {
    chat.setActive(id);
    const find = () => scroller.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
    if (!find()) show(id, 'nearest');
    requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()));
  };
  onMount(() => {
    scroll.attach(scroller, content);
    chat.list = {
      show,
      toEnd: scroll.toEnd,
      focus: () => {
        const id = chat.active() ?? rows().at(-1)?.id;
        if (id) focus(id);
      },
    };
  });

  // Once, when the messages are there: to what is new, else to the end.
  createEffect(
    on(chat.timeline, (timeline) => {
      if (timeline?.firstUnread) requestAnimationFrame(() => show(timeline.firstUnread ?? '', 'start'));
    }),
  );
  // One's own message always brings the end back.
  createEffect(
    on(
      () => rows().at(-1)?.id,
      (id, before) => {
        const newest = rows().at(-1)?.message();
        if (before && id !== before && newest?.mine && Date.now() - newest.time < 60_000) scroll.toEnd();
        else queueMicrotask(scroll.look);
      },
      { defer: true },
    ),
  );
  // A short page that fills no screen asks for more by itself.
  createEffect(() => {
    if (status()?.().loading === false) queueMicrotask(scroll.look);
  });
  // What failed without a network comes when that is back.
  onCleanup(
    chat.client.connection.state.subscribe((now) => {
      if (now.status === 'online' && untrack(status)?.().error) chat.timeline()?.older().catch(() => undefined);
    }),
  );
  followReading(chat, bottom, pinned);
  const keys = timelineKeys(chat, { focus, show });

  /** The row with the focus and the one whose menu is open stay in the page. */
  const kept = createMemo(() => [chat.active(), chat.menu()?.message.id].flatMap((id) => (id ? [indexOf(id)].filter((at) => at >= 0) : [])));
  const date = () => {
    const row = rows()[top()];
    return row && dayLabel(row.message().time);
  };
  const jump = () => {
    const unread = chat.firstUnread();
    const at = unread && chat.conversation()?.unread ? indexOf(unread) : -1;
    if (at > bottom()) show(unread ?? '', 'start');
    else scroll.toEnd();
  };

  return (
    <div class="timeline">
      <div
        class="timeline-scroll"
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('messages')}
        onScroll={scroll.scrolled}
        onWheel={scroll.moved}
        onTouchMove={scroll.moved}
        onKeyDown={keys}
      >
        <div class="timeline-content" ref={content}>
          <div class="timeline-fill" />
          <Virtualizer
            ref={(handle) => (list = handle)}
            scrollRef={scroller}
            data={rows()}
            shift={chat.rows.shift()}
            keepMounted={kept()}
            bufferSize={500}
          >
            {(row) => <MessageRow row={row} />}
          </Virtualizer>
          <div class="timeline-end">
            <Typing />
          </div>
        </div>
      </div>
      <Show when={status()?.().atStart && !rows().length}>
        <div class="timeline-empty">
          <EmptyState icon={<ChatIcon size={28} />} title={t('emptyTitle')} text={t('emptyText', chat.name())} />
        </div>
      </Show>
      <div class="timeline-date" data-shown={scrolling() && rows().length ? '' : undefined} aria-hidden="true">
        <span>{date()}</span>
      </div>
      <Show when={status()?.().loading && !status()?.().atStart && top() < 5}>
        <div class="timeline-loading" role="status" aria-label={t('loadingOlder')}>
          <Spinner size={18} />
        </div>
      </Show>
      <Show when={status()?.().error && top() < 5}>
        <div class="timeline-loading" role="status">
          {t('olderFailed')}
          <Button kind="quiet" onClick={() => report(chat.timeline()?.older() ?? Promise.resolve())}>
            {t('retry')}
          </Button>
        </div>
      </Show>
      <JumpButton shown={away()} count={pinned() ? 0 : (chat.conversation()?.unread ?? 0)} onClick={jump} />
      <Announcer />
    </div>
  );
}
