// Three dots below the last message while the other one types. Their place is always there: nothing moves when they come.
import { Show, type JSX } from 'solid-js';
import { useChat } from './state';
import { t } from './text';

export function Typing(): JSX.Element {
  const chat = useChat();
  return (
    <Show when={chat.conversation()?.typing}>
      <div class="typing" role="img" aria-label={t('typing')}>
        <i />
        <i />
        <i />
      </div>
    </Show>
  );
}
