// What the filter field found: conversations, then contacts there was no talk with yet, then where else to look.
import { Avatar, ListRow, PersonName, AddUserIcon } from '@magpie/ui';
import { For, Show, type JSX } from 'solid-js';
import { href, toChat } from '../router';
import { useClient } from '../state/client';
import { fromChosen } from '../state/signal';
import type { Found } from './filter';
import { ConversationRow } from './row';
import { t } from './text';

function Person(props: { readonly jid: string; readonly name: string }): JSX.Element {
  const client = useClient();
  const profile = fromChosen(() => client.profiles.of(props.jid));
  return (
    <ListRow
      href={href(toChat(props.jid))}
      title={<PersonName name={props.name} />}
      text={props.jid}
      start={<Avatar name={props.name} seed={props.jid} picture={profile().avatar?.blob} />}
    />
  );
}

export function FoundList(props: { readonly found: Found; readonly words: string; readonly selected: string | null }): JSX.Element {
  const nothing = () => props.found.conversations.length + props.found.people.length === 0;
  return (
    <div class="column-scroll chat-list">
      <Show when={props.found.conversations.length}>
        <h2 class="chat-list-heading">{t('chatsFound')}</h2>
        <For each={props.found.conversations}>
          {(row) => <ConversationRow row={row} selected={props.selected === row.jid} tabbable />}
        </For>
      </Show>
      <Show when={props.found.people.length}>
        <h2 class="chat-list-heading">{t('peopleFound')}</h2>
        <For each={props.found.people}>{(contact) => <Person jid={contact.jid} name={contact.name} />}</For>
      </Show>
      <Show when={nothing()}>
        <p class="chat-list-none" role="status">
          {t('nothingFound', props.words.trim())}
        </p>
      </Show>
      <ListRow
        href={href({ tab: 'contacts', jid: null, view: 'add' })}
        title={t('findElsewhere')}
        wrap
        start={
          <span class="chat-list-icon">
            <AddUserIcon />
          </span>
        }
      />
    </div>
  );
}
