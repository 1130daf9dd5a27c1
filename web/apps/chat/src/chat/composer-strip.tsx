// Above the field: what is answered or edited, and the way out of it.
import type { Message } from '@magpie/client';
import { CloseIcon, EditIcon, IconButton, languageOf, ReplyIcon } from '@magpie/ui';
import { Show, type JSX } from 'solid-js';
import { onEscape } from '../layout/keys';
import { report, useChat } from './state';
import { summary } from './summary';
import { t } from './text';

function Strip(props: { readonly message: Message; readonly editing: boolean }): JSX.Element {
  const chat = useChat();
  const close = () => {
    if (props.editing) chat.edit(undefined);
    else chat.reply(undefined);
    chat.composer?.focus();
  };
  onEscape(() => true, close);
  const label = () => (props.editing ? t('stopEdit') : t('stopReply'));
  return (
    <div class="strip" data-editing={props.editing ? '' : undefined}>
      <Show when={props.editing} fallback={<ReplyIcon />}>
        <EditIcon />
      </Show>
      <button type="button" class="strip-text" onClick={() => report(chat.reveal(props.message.id))}>
        <span class="ui-truncate">{props.editing ? t('editing') : t('replyingTo', chat.nameOf(props.message.author))}</span>
        <span class="ui-truncate" lang={languageOf(props.message.body)}>
          {summary(props.message)}
        </span>
      </button>
      <IconButton label={label()} title={label()} onClick={close}>
        <CloseIcon />
      </IconButton>
    </div>
  );
}

export function ComposerStrip(): JSX.Element {
  const chat = useChat();
  return (
    <Show when={chat.editing() ?? chat.replyTo()}>
      {(message) => <Strip message={message()} editing={chat.editing() !== undefined} />}
    </Show>
  );
}
