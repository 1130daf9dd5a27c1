// Reads new messages to screen readers. The list itself is silent: scrolling through history would read all of it.
import type { JSX } from 'solid-js';
import { createSignal, onCleanup } from 'solid-js';
import { useChat } from './state';
import { summary } from './summary';
import { t } from './text';

/** Screen readers take a text up at once. */
const saidMs = 1000;

export function Announcer(): JSX.Element {
  const chat = useChat();
  const [text, setText] = createSignal('');
  let said: ReturnType<typeof setTimeout> | undefined;
  onCleanup(
    chat.client.on('message', ({ conversation, message }) => {
      if (conversation !== chat.jid) return;
      setText(t('said', chat.nameOf(message.author), summary(message)));
      clearTimeout(said);
      // Once said it is gone: what its author takes back stays nowhere.
      said = setTimeout(() => setText(''), saidMs);
    }),
  );
  onCleanup(() => clearTimeout(said));
  return (
    <div class="ui-visually-hidden" aria-live="polite">
      {text()}
    </div>
  );
}
