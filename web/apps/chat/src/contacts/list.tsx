// The list column of the second tab: search, requests, one's own code, tags, and everybody by letter.
import {
  AddUserIcon,
  Badge,
  Button,
  composing,
  EmptyState,
  IconButton,
  ListRow,
  PeopleIcon,
  QrIcon,
  SearchField,
} from '@magpie/ui';
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js';
import { href, navigate, type ContactView } from '../router';
import { useClientStore } from '../state/client';
import { t as shell } from '../text';
import { FoundPeople } from './found';
import { People } from './people';
import { t } from './text';

const to = (view: ContactView) => ({ tab: 'contacts', jid: null, view }) as const;

function Doors(props: { readonly view: ContactView | null }): JSX.Element {
  const requests = useClientStore((client) => client.contacts.requests);
  const count = () => requests().filter((request) => !request.postponed).length;
  return (
    <div class="people-doors">
      <ListRow
        href={href(to('requests'))}
        selected={props.view === 'requests'}
        title={t('requests')}
        start={
          <span class="people-icon">
            <PeopleIcon />
          </span>
        }
        end={<Show when={count()}>{(open) => <Badge count={open()} />}</Show>}
      />
      <ListRow
        href={href(to('invite'))}
        selected={props.view === 'invite'}
        title={t('myCode')}
        start={
          <span class="people-icon">
            <QrIcon />
          </span>
        }
      />
    </div>
  );
}

function TagFilter(props: { readonly value: string | null; readonly onChange: (tag: string | null) => void }): JSX.Element {
  const tags = useClientStore((client) => client.contacts.tags);
  return (
    <Show when={tags().length}>
      <div class="people-tags" role="group" aria-label={t('tagFilter')}>
        <button type="button" class="people-tag" aria-pressed={props.value === null} onClick={() => props.onChange(null)}>
          {t('all')}
        </button>
        <For each={tags()}>
          {(tag) => (
            <button type="button" class="people-tag" aria-pressed={props.value === tag} onClick={() => props.onChange(tag)}>
              {tag}
            </button>
          )}
        </For>
      </div>
    </Show>
  );
}

export function ContactList(props: { readonly selected: string | null; readonly view: ContactView | null }): JSX.Element {
  const contacts = useClientStore((client) => client.contacts.list);
  const [words, setWords] = createSignal('');
  const [tag, setTag] = createSignal<string | null>(null);
  const shown = createMemo(() => {
    const wanted = tag();
    return wanted === null ? contacts() : contacts().filter((contact) => contact.tags.includes(wanted));
  });
  let enter: (() => void) | undefined;
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' || composing(event)) return;
    event.preventDefault();
    const found = (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLElement>('.people-found a');
    if (found) found.focus();
    else enter?.();
  };
  return (
    <>
      <header class="column-head people-head" onKeyDown={press}>
        <h1 class="ui-visually-hidden">{shell('contacts')}</h1>
        <SearchField label={t('search')} value={words()} onValue={setWords} />
        <IconButton label={t('add')} onClick={() => navigate(to('add'))}>
          <AddUserIcon />
        </IconButton>
      </header>
      <Show
        when={!words().trim()}
        fallback={<FoundPeople words={words()} contacts={contacts()} selected={props.selected} />}
      >
        <Doors view={props.view} />
        <TagFilter value={tag()} onChange={setTag} />
        <Show
          when={shown().length}
          fallback={
            <EmptyState
              icon={<PeopleIcon size={28} />}
              title={tag() === null ? shell('noContacts') : t('nobodyWithTag')}
              text={tag() === null ? shell('noContactsText') : undefined}
            >
              <Button kind="primary" onClick={() => navigate(to('add'))}>
                {t('add')}
              </Button>
            </EmptyState>
          }
        >
          <People contacts={shown()} selected={props.selected} onReady={(ready) => (enter = ready)} />
        </Show>
      </Show>
    </>
  );
}
