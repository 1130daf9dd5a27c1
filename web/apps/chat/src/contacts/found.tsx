// What the contact list's search found: own contacts, then people of the server's directory.
import type { Contact, Found } from '@magpie/client';
import { Banner, ListRow, Spinner, AddUserIcon } from '@magpie/ui';
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js';
import { href } from '../router';
import { compareNames, matchesName } from '../state/names';
import { useClient } from '../state/client';
import { ContactRow } from './contact-row';
import { searchDirectory } from './directory';
import { PersonRow } from './person-row';
import { RequestDialog } from './request-dialog';
import { t } from './text';

export interface FoundPeopleProps {
  readonly words: string;
  readonly contacts: readonly Contact[];
  readonly selected: string | null;
}

export function FoundPeople(props: FoundPeopleProps): JSX.Element {
  const client = useClient();
  const [asking, setAsking] = createSignal<Found>();
  const nickname = (contact: Contact) => (contact.remark ? client.profiles.of(contact.jid).get().nickname : null) ?? '';
  const contacts = createMemo(() =>
    props.contacts
      .filter(
        (contact) => matchesName(contact.name, contact.jid, props.words) || matchesName(nickname(contact), '', props.words),
      )
      .sort((a, b) => compareNames(a.name, b.name)),
  );
  const directory = searchDirectory(() => props.words);
  const others = () => directory.found()?.filter(({ jid }) => !props.contacts.some((contact) => contact.jid === jid)) ?? [];
  return (
    <div class="column-scroll people-found">
      <For each={contacts()}>
        {(contact) => <ContactRow contact={contact} selected={props.selected === contact.jid} tabbable />}
      </For>
      <Show when={others().length}>
        <h2 class="people-letter">{t('peopleHere')}</h2>
        <For each={others()}>{(person) => <PersonRow person={person} onAdd={() => setAsking(person)} />}</For>
      </Show>
      <Show when={directory.busy()}>
        <p class="people-wait">
          <Spinner />
        </p>
      </Show>
      <Show when={directory.error()}>{(error) => <Banner kind="warning">{error()}</Banner>}</Show>
      <Show when={!directory.busy() && contacts().length + others().length === 0}>
        <p class="people-none" role="status">
          {t('nothingFound', props.words.trim())}
        </p>
        <ListRow
          href={href({ tab: 'contacts', jid: null, view: 'add' })}
          title={t('add')}
          start={
            <span class="people-icon">
              <AddUserIcon />
            </span>
          }
        />
      </Show>
      <RequestDialog person={asking()} onClose={() => setAsking(undefined)} />
    </div>
  );
}
