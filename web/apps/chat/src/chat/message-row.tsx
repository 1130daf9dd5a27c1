// One row of the timeline: day separator and divider above, then the bubble at its side with everything that listens to it.
import { CheckIcon, languageOf } from '@magpie/ui';
import { menuGestures } from '@magpie/ui/gestures';
import type { Place } from '@magpie/ui/menu';
import { clock, dayLabel } from '@magpie/ui/time';
import { Show, type JSX } from 'solid-js';
import { Bubble } from './bubble';
import { Failure } from './failure';
import { HoverBar } from './hover-bar';
import type { Row } from './rows';
import { useChat } from './state';
import { summary } from './summary';
import { t } from './text';
import { canReply } from './verbs';
import './message-row.css';

function Recalled(props: { readonly mine: boolean; readonly name: string }): JSX.Element {
  return <p class="message-note">{props.mine ? t('recalledMine') : t('recalled', props.name)}</p>;
}

/** Below or above a bubble of common height, so that it stays visible; in a tall one, where the pointer is. */
function beside(at: Place, box: DOMRect): Place {
  return box.height > 320 ? at : { x: at.x, y: box.y, width: 0, height: box.height };
}

/** A finger that drags a message to the left answers it. */
function swipeToReply(reply: () => void) {
  let start: { x: number; y: number } | undefined;
  return {
    onTouchStart: (event: TouchEvent) => {
      const [touch] = event.touches;
      start = event.touches.length === 1 && touch ? { x: touch.clientX, y: touch.clientY } : undefined;
    },
    onTouchEnd: (event: TouchEvent) => {
      const [touch] = event.changedTouches;
      if (start && touch && start.x - touch.clientX > 64 && Math.abs(touch.clientY - start.y) < 32) reply();
      start = undefined;
    },
  };
}

export function MessageRow(props: { readonly row: Row }): JSX.Element {
  const chat = useChat();
  const message = () => props.row.message();
  const place = () => props.row.place();
  const id = props.row.id;
  const chosen = () => chat.selection()?.has(id) ?? false;
  const reply = () => {
    if (!canReply(message()) || chat.selection()) return;
    chat.reply(message());
    chat.composer?.focus();
  };
  const gestures = menuGestures((at, target) => {
    if (chat.selection()) return chat.toggle(id);
    chat.setMenu({ message: message(), at: beside(at, target.getBoundingClientRect()), kind: 'all' });
  });
  const label = () => {
    const said = `${t('said', chat.nameOf(message().author), summary(message()))}, ${clock(message().time)}`;
    const state = message().mine ? `, ${t(message().state)}` : '';
    return said + state + (chosen() ? `, ${t('chosen')}` : '');
  };
  /** Beside the bubble only: inside it a double click selects a word. */
  const doubleClick = (event: MouseEvent) => {
    if (event.target === event.currentTarget) reply();
  };
  return (
    <div class="message-row" data-first={place().first ? '' : undefined}>
      <Show when={place().day}>
        <div class="message-day">
          <span>{dayLabel(message().time)}</span>
        </div>
      </Show>
      <Show when={place().unread}>
        <div class="message-unread" role="separator" aria-label={t('newMessages')}>
          <span>{t('newMessages')}</span>
        </div>
      </Show>
      <div
        class="message-line"
        data-mine={message().mine ? '' : undefined}
        data-chosen={chosen() ? '' : undefined}
        data-menu={chat.menu()?.message.id === id ? '' : undefined}
        data-flash={chat.isFlashed(id) ? '' : undefined}
        onDblClick={doubleClick}
        onClick={() => chat.selection() && chat.toggle(id)}
      >
        <Show when={chat.selection()}>
          <span class="message-check" data-chosen={chosen() ? '' : undefined} aria-hidden="true">
            <Show when={chosen()}>
              <CheckIcon size={16} />
            </Show>
          </span>
        </Show>
        <div
          class="message"
          data-id={id}
          data-first={place().first ? '' : undefined}
          data-last={place().last ? '' : undefined}
          role="article"
          aria-label={label()}
          tabindex={chat.isActive(id) || (!chat.active() && chat.rows.all().at(-1)?.id === id) ? 0 : -1}
          lang={languageOf(message().body)}
          onFocus={() => chat.setActive(id)}
          onPointerEnter={(event) => event.pointerType === 'mouse' && chat.setHovered(id)}
          onPointerLeave={() => chat.setHovered(undefined)}
          {...gestures}
          {...swipeToReply(reply)}
        >
          <Show when={!message().recalled} fallback={<Recalled mine={message().mine} name={chat.nameOf(message().author)} />}>
            <Bubble message={message()} />
            <Show when={chat.isHovered(id) && !chat.selection()}>
              <HoverBar message={message()} />
            </Show>
          </Show>
        </div>
        <Show when={message().state === 'failed'}>
          <Failure message={message()} />
        </Show>
      </div>
    </div>
  );
}
