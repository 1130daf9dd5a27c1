// Time, "edited" and the state of one's own message. The clock of a message under way comes only after 400 ms (by CSS).
import type { Message } from '@magpie/client';
import { AlertIcon, CheckIcon, ClockIcon, DoubleCheckIcon, type IconComponent } from '@magpie/ui';
import { clock, fullTime } from '@magpie/ui/time';
import { Show, type JSX } from 'solid-js';
import { Dynamic } from '@magpie/ui/dom';
import { t } from './text';

const icons: Readonly<Record<Message['state'], IconComponent>> = {
  uploading: ClockIcon,
  sending: ClockIcon,
  sent: CheckIcon,
  delivered: DoubleCheckIcon,
  read: DoubleCheckIcon,
  failed: AlertIcon,
};

export function Meta(props: { readonly message: Message }): JSX.Element {
  const state = () => props.message.state;
  return (
    <span class="meta">
      <Show when={props.message.edited}>
        <span>{t('edited')}</span>
      </Show>
      <time dateTime={new Date(props.message.time).toISOString()} title={fullTime(props.message.time)}>
        {clock(props.message.time)}
      </time>
      <Show when={props.message.mine && !props.message.recalled}>
        <span class="meta-state" data-state={state()} role="img" aria-label={t(state())} title={t(state())}>
          <Dynamic component={icons[state()]} size={15} />
        </span>
      </Show>
    </span>
  );
}
