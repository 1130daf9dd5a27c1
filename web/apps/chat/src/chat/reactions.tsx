// The reactions of a message, as toggles.
import type { Message } from '@magpie/client';
import { For, Show, type JSX } from 'solid-js';
import { useChat } from './state';
import { react } from './verbs';

export function Reactions(props: { readonly message: Message }): JSX.Element {
  const chat = useChat();
  const names = (by: readonly string[]) => by.map((jid) => chat.nameOf(jid)).join(', ');
  return (
    <For each={props.message.reactions}>
      {(reaction) => (
        <button
          type="button"
          class="reaction"
          aria-pressed={reaction.mine}
          aria-label={`${reaction.emoji} ${names(reaction.by)}`}
          title={names(reaction.by)}
          onClick={(event) => {
            event.stopPropagation();
            react(chat, props.message, reaction.emoji);
          }}
        >
          <span aria-hidden="true">{reaction.emoji}</span>
          <Show when={reaction.by.length > 1}>
            <span>{reaction.by.length}</span>
          </Show>
        </button>
      )}
    </For>
  );
}
