// In place of the composer while messages are chosen.
import { CloseIcon, CopyIcon, ForwardIcon, IconButton, Button, TrashIcon } from '@magpie/ui';
import type { JSX } from 'solid-js';
import { onEscape } from '../layout/keys';
import { useChat } from './state';
import { t } from './text';
import { canReply, copyMessages } from './verbs';

export function SelectionBar(): JSX.Element {
  const chat = useChat();
  const ids = () =>
    chat
      .messages()
      .filter((message) => chat.selection()?.has(message.id))
      .map((message) => message.id);
  const forwardable = () => chat.messages().filter((message) => chat.selection()?.has(message.id) && canReply(message));
  const close = () => chat.setSelection(undefined);
  onEscape(() => true, close);
  return (
    <div class="selection-bar" role="toolbar" aria-label={t('select')}>
      <IconButton label={t('endSelection')} title={t('endSelection')} onClick={close}>
        <CloseIcon />
      </IconButton>
      <span aria-live="polite">{t('selected', ids().length)}</span>
      <IconButton
        label={t('copy')}
        title={t('copy')}
        disabled={!ids().length}
        onClick={() => {
          copyMessages(chat, ids());
          close();
        }}
      >
        <CopyIcon />
      </IconButton>
      <IconButton
        label={t('delete')}
        title={t('delete')}
        disabled={!ids().length}
        onClick={() => chat.setAsking({ what: 'delete', ids: ids() })}
      >
        <TrashIcon />
      </IconButton>
      <Button
        kind="primary"
        disabled={!forwardable().length}
        onClick={() => chat.setForwarding(forwardable().map((message) => message.id))}
      >
        <ForwardIcon /> {t('forward')}
      </Button>
    </div>
  );
}
