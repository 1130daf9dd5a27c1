// A person's card: who they are, what one calls them, and what one can do. In the third column of a talk or as a screen of its own.
import type { Jid } from '@magpie/client';
import { AddUserIcon, Avatar, Banner, Button, ChatIcon, languageOf, PersonName } from '@magpie/ui';
import { createEffect, createSignal, on, Show, type JSX } from 'solid-js';
import { navigate, toChat } from '../router';
import { useClient } from '../state/client';
import { CardActions } from './card-actions';
import { CardFacts } from './card-facts';
import { usePerson } from './person';
import { presenceText } from './presence-text';
import { RequestButtons } from './requests';
import { RequestDialog } from './request-dialog';
import { t } from './text';
import './contacts.css';

export interface ContactCardProps {
  readonly jid: Jid;
  /** Beside the talk itself there is no need for a way to it. */
  readonly inTalk?: boolean;
  /** Media, files and search of the talk: stands between the facts and what is grave. */
  readonly children?: JSX.Element;
}

/** Whether one sees their presence at all. */
const sees = (relation: string | undefined) => relation === 'mutual' || relation === 'i-follow';

export function ContactCard(props: ContactCardProps): JSX.Element {
  const client = useClient();
  const person = usePerson(() => props.jid);
  const [adding, setAdding] = createSignal(false);
  createEffect(
    on(
      () => props.jid,
      (jid) => {
        void client.profiles.refresh(jid).catch(() => undefined);
        void client.presence.askLastSeen(jid).catch(() => undefined);
      },
    ),
  );
  const addable = () => !person.own() && !person.blocked() && !person.request() && !sees(person.contact()?.relation);
  const state = () => {
    if (person.own()) return t('isMe');
    if (person.contact()?.relation === 'waiting') return t('waiting');
    if (sees(person.contact()?.relation)) return presenceText(person.presence());
    return person.contact()?.relation === 'follows-me' ? t('followsMe') : '';
  };
  return (
    <div class="profile">
      <div class="profile-head">
        <Avatar
          name={person.name()}
          seed={props.jid}
          picture={person.profile().avatar?.blob}
          size={96}
          presence={person.presence().status}
        />
        <h2>
          <PersonName name={person.name()} />
        </h2>
        <Show when={state()}>
          <p>{state()}</p>
        </Show>
        <Show when={person.profile().about}>
          {(about) => (
            <p class="profile-about" lang={languageOf(about())} dir="auto">
              {about()}
            </p>
          )}
        </Show>
      </div>
      <Show when={person.request()}>
        {(request) => (
          <section class="people-card people-form">
            <p>
              <strong>{t('wantsYou')}</strong>
            </p>
            <Show when={request().message}>{(message) => <p class="people-request-message">{message()}</p>}</Show>
            <RequestButtons request={request()} />
          </section>
        )}
      </Show>
      <Show when={person.blocked()}>
        <Banner kind="warning">{t('youBlocked')}</Banner>
      </Show>
      <Show when={!person.own() && (!props.inTalk || addable())}>
        <div class="people-actions profile-actions">
          <Show when={!props.inTalk}>
            <Button kind="primary" onClick={() => navigate(toChat(props.jid))}>
              <ChatIcon size={18} />
              {t('message')}
            </Button>
          </Show>
          <Show when={addable() && person.contact()?.relation !== 'waiting'}>
            <Button onClick={() => setAdding(true)}>
              <AddUserIcon size={18} />
              {t('add')}
            </Button>
          </Show>
        </div>
      </Show>
      <CardFacts jid={props.jid} person={person} />
      {props.children}
      <Show when={!person.own()}>
        <CardActions jid={props.jid} person={person} />
      </Show>
      <RequestDialog
        person={adding() ? { jid: props.jid, name: person.name() } : undefined}
        onClose={() => setAdding(false)}
      />
    </div>
  );
}
