// Reads new messages to screen readers. The list itself is silent: scrolling through history would read all of it.
import type { JSX } from 'solid-js';
import { createSignal, onCleanup } from 'solid-js';
import { useChat } from './state';
import { summary } from './summary';
import { t } from './text';

export function Announcer(): JSX.Element {
  const chat = useChat();
  const [text, setText] = createSignal('');
  onCleanup(
    chat.client.on('message', ({ conversation, message }) => {
      if (conversation === chat.jid) setText(t('said', chat.nameOf(message.author), summary(message)));
    }),
  );
  return (
    <div class="ui-visually-hidden" aria-live="polite">
      {text()}
    </div>
  );
}
