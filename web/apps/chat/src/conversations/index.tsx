// The conversation list: the list column of the first tab. Filter field, pending requests, conversations; or what to do when there are none.
import { AddUserIcon, Button, ChatIcon, composing, EmptyState, IconButton, SearchField, Spinner } from '@magpie/ui';
import { createEffect, createMemo, createSignal, on, Show, type JSX } from 'solid-js';
import { navigate, toChat } from '../router';
import { useClient, useClientStore } from '../state/client';
import { fromList } from '../state/signal';
import { t as shell } from '../text';
import { findPeople } from './filter';
import { FoundList } from './found';
import { Conversations } from './list';
import { RequestsRow } from './requests-row';
import { t } from './text';
import './list.css';

function NoConversations(): JSX.Element {
  const state = useClientStore((client) => client.connection.state);
  // A new device knows of no chats until the server has told.
  const known = () => {
    const now = state();
    return now.status === 'offline' || (now.status === 'online' && !now.syncing);
  };
  return (
    <Show
      when={known()}
      fallback={
        <div class="chat-list-wait">
          <Spinner />
        </div>
      }
    >
    <EmptyState icon={<ChatIcon size={28} />} title={shell('noChats')} text={shell('noChatsText')}>
      <Button kind="primary" onClick={() => navigate({ tab: 'contacts', jid: null, view: 'add' })}>
        {shell('addContact')}
      </Button>
      <Button onClick={() => navigate({ tab: 'contacts', jid: null, view: 'invite' })}>{shell('inviteFriend')}</Button>
    </EmptyState>
    </Show>
  );
}

/** `selected`: the open conversation. */
export function ConversationList(props: { readonly selected: string | null }): JSX.Element {
  const client = useClient();
  const rows = fromList(client.conversations.list, 'jid');
  const contacts = useClientStore((known) => known.contacts.list);
  const [words, setWords] = createSignal('');
  // Asking for a profile may ask the server: only where a remark hides the nickname.
  const nickname = (jid: string) => (client.contacts.get(jid)?.remark ? client.profiles.of(jid).get().nickname : null);
  const found = createMemo(() => (words().trim() ? findPeople(words(), rows, contacts(), nickname) : undefined));
  let enter: (() => void) | undefined;
  // Who was found and opened was what one looked for.
  createEffect(on(() => props.selected, (open) => open && setWords(''), { defer: true }));
  const press = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      if (!found()) return enter?.();
      (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLElement>('.chat-list a')?.focus();
    } else if (event.key === 'Enter') {
      const best = found()?.conversations[0] ?? found()?.people[0];
      if (best) navigate(toChat(best.jid));
    }
  };
  return (
    <>
      <header class="column-head chat-list-head" onKeyDown={press}>
        <h1 class="ui-visually-hidden">{shell('chats')}</h1>
        <SearchField label={t('filter')} value={words()} onValue={setWords} />
        <IconButton label={shell('addContact')} onClick={() => navigate({ tab: 'contacts', jid: null, view: 'add' })}>
          <AddUserIcon />
        </IconButton>
      </header>
      <Show
        when={found()}
        fallback={
          <>
            <RequestsRow />
            <Show when={rows.length} fallback={<NoConversations />}>
              <Conversations rows={rows} selected={props.selected} onReady={(ready) => (enter = ready)} />
            </Show>
          </>
        }
      >
        {(hits) => <FoundList found={hits()} words={words()} selected={props.selected} />}
      </Show>
    </>
  );
}
