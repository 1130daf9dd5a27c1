// What a message answers, above its text; a click goes there and lights it up.
import type { Reply } from '@magpie/client';
import { languageOf } from '@magpie/ui/text';
import type { JSX } from 'solid-js';
import { report, useChat } from './state';
import { t } from './text';

export function ReplyQuote(props: { readonly reply: Reply }): JSX.Element {
  const chat = useChat();
  const go = (event: MouseEvent) => {
    event.stopPropagation();
    report(chat.reveal(props.reply.id ?? props.reply.reference));
  };
  return (
    <button type="button" class="quote" onClick={go}>
      <span class="quote-name ui-truncate">{chat.nameOf(props.reply.author)}</span>
      <span class="quote-text ui-truncate" lang={languageOf(props.reply.preview)}>
        {props.reply.preview || t('replyMissing')}
      </span>
    </button>
  );
}
