// Below a message that was not sent: why, and what one can do about it in place.
import type { Message } from '@magpie/client';
import { Button } from '@magpie/ui';
import type { JSX } from 'solid-js';
import { codeText } from '../errors';
import { report, useChat } from './state';
import { t } from './text';

export function Failure(props: { readonly message: Message }): JSX.Element {
  const chat = useChat();
  const messages = chat.client.messages;
  return (
    <div class="failure" role="alert">
      <span>{`${t('failed')} · ${codeText(props.message.error ?? 'unknown')}`}</span>
      <Button kind="quiet" onClick={() => report(messages.retry(chat.jid, props.message.id))}>
        {t('retry')}
      </Button>
      <Button kind="quiet" onClick={() => report(messages.remove(chat.jid, props.message.id))}>
        {t('delete')}
      </Button>
    </div>
  );
}
