// Requests to become contacts: those received, with accept, decline and later; and one's own that wait for an answer.
import type { Contact, ContactRequest } from '@magpie/client';
import { Avatar, Button, EmptyState, ListRow, listTime, PeopleIcon, PersonName, toast } from '@magpie/ui';
import { For, Show, type JSX } from 'solid-js';
import { PaneHead } from '../layout/pane-head';
import { href, navigate, toChat, toContact } from '../router';
import { useClient, useClientStore } from '../state/client';
import { tell } from './action';
import { usePerson } from './person';
import { t } from './text';

/** Accept, decline, later: the same wherever a request is shown. */
export function RequestButtons(props: { readonly request: ContactRequest }): JSX.Element {
  const client = useClient();
  const accept = async ({ jid, name }: ContactRequest) => {
    await client.contacts.accept(jid);
    client.conversations.begin(jid);
    toast(t('acceptedNow', name), { action: { label: t('chat'), run: () => navigate(toChat(jid)) } });
  };
  const decline = async ({ jid, name }: ContactRequest) => {
    await client.contacts.decline(jid);
    toast(t('declinedNow', name));
  };
  return (
    <div class="people-actions">
      <Button kind="primary" onClick={() => void accept(props.request).catch(tell)}>
        {t('accept')}
      </Button>
      <Button onClick={() => void decline(props.request).catch(tell)}>{t('decline')}</Button>
      <Show when={!props.request.postponed}>
        <Button kind="quiet" onClick={() => void client.contacts.later(props.request.jid).catch(tell)}>
          {t('later')}
        </Button>
      </Show>
    </div>
  );
}

function Received(props: { readonly request: ContactRequest }): JSX.Element {
  const { profile } = usePerson(() => props.request.jid);
  const name = () => profile().nickname ?? props.request.name;
  return (
    <li class="people-request">
      <Avatar name={name()} seed={props.request.jid} picture={profile().avatar?.blob} />
      <div class="people-request-main">
        <div class="people-request-head">
          <a href={href(toContact(props.request.jid))} class="people-request-name">
            <PersonName name={name()} />
          </a>
          <time dateTime={new Date(props.request.time).toISOString()}>{listTime(props.request.time)}</time>
        </div>
        <p class="people-request-jid">{props.request.jid}</p>
        <Show when={props.request.message}>
          {(message) => (
            <p class="people-request-message" dir="auto">
              {message()}
            </p>
          )}
        </Show>
        <RequestButtons request={props.request} />
      </div>
    </li>
  );
}

function Sent(props: { readonly contact: Contact }): JSX.Element {
  const client = useClient();
  const { profile } = usePerson(() => props.contact.jid);
  const withdraw = () => client.contacts.remove(props.contact.jid).then(() => toast(t('withdrawn')), tell);
  return (
    <ListRow
      title={<PersonName name={props.contact.name} />}
      text={t('waiting')}
      start={<Avatar name={props.contact.name} seed={props.contact.jid} picture={profile().avatar?.blob} size={40} />}
      end={<Button onClick={() => void withdraw()}>{t('withdraw')}</Button>}
    />
  );
}

export function RequestsPane(): JSX.Element {
  const requests = useClientStore((client) => client.contacts.requests);
  const contacts = useClientStore((client) => client.contacts.list);
  const sent = () => contacts().filter((contact) => contact.relation === 'waiting');
  return (
    <>
      <PaneHead title={t('requests')} />
      <Show
        when={requests().length + sent().length}
        fallback={<EmptyState icon={<PeopleIcon size={28} />} title={t('noRequests')} text={t('noRequestsText')} />}
      >
        <div class="people-body">
          <div class="people-column">
            <Show when={requests().length}>
              <section class="people-section">
                <h2>{t('received')}</h2>
                <ul class="people-card">
                  <For each={requests()}>{(request) => <Received request={request} />}</For>
                </ul>
              </section>
            </Show>
            <Show when={sent().length}>
              <section class="people-section">
                <h2>{t('sent')}</h2>
                <div class="people-card">
                  <For each={sent()}>{(contact) => <Sent contact={contact} />}</For>
                </div>
              </section>
            </Show>
          </div>
        </div>
      </Show>
    </>
  );
}
