// At the bubble's corner under a mouse: react, reply, everything else. Keyboards and fingers have the menu itself.
import type { Message } from '@magpie/client';
import { IconButton, MoreIcon, ReplyIcon, SmileIcon } from '@magpie/ui';
import { Show, type JSX } from 'solid-js';
import { useChat, type OpenMenu } from './state';
import { t } from './text';
import { canReply } from './verbs';

export function HoverBar(props: { readonly message: Message }): JSX.Element {
  const chat = useChat();
  const open = (kind: OpenMenu['kind']) => (event: MouseEvent) => {
    event.stopPropagation();
    const { x, y, width, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    chat.setMenu({ message: props.message, at: { x, y, width, height }, kind });
  };
  const reply = () => {
    chat.reply(props.message);
    chat.composer?.focus();
  };
  return (
    <div class="hover-bar" data-mine={props.message.mine ? '' : undefined}>
      <Show when={canReply(props.message)}>
        <IconButton label={t('react')} title={t('react')} tabindex={-1} onClick={open('reactions')}>
          <SmileIcon size={18} />
        </IconButton>
        <IconButton label={t('reply')} title={t('reply')} tabindex={-1} onClick={reply}>
          <ReplyIcon size={18} />
        </IconButton>
      </Show>
      <IconButton label={t('more')} title={t('more')} tabindex={-1} onClick={open('all')}>
        <MoreIcon size={18} />
      </IconButton>
    </div>
  );
}
