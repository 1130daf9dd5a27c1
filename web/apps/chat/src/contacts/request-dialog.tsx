// Asking somebody to become a contact: a message they see, and one's own name for them.
import type { Found } from '@magpie/client';
import { Avatar, Banner, Button, Field, isEnter, PersonName, TextArea, toast } from '@magpie/ui';
import { Dialog } from '@magpie/ui/dialog';
import { createEffect, createSignal, on, Show, type JSX } from 'solid-js';
import { navigate, toContact } from '../router';
import { useClient, useClientStore } from '../state/client';
import { createAction, guardComposition } from './action';
import { localPart } from './person';
import { t } from './text';

export function RequestDialog(props: { readonly person: Found | undefined; readonly onClose: () => void }): JSX.Element {
  const client = useClient();
  const own = useClientStore((known) => known.profiles.own);
  const action = createAction();
  const [message, setMessage] = createSignal('');
  const [remark, setRemark] = createSignal('');
  const myName = () => own().nickname ?? localPart(client.connection.account.get()?.jid ?? '');
  createEffect(
    on(
      () => props.person,
      (person) => {
        if (!person) return;
        setMessage(t('hello', myName()));
        setRemark('');
        action.clear();
      },
    ),
  );
  const send = (event?: Event) => {
    event?.preventDefault();
    const person = props.person;
    if (!person) return;
    void action.run(async () => {
      const name = remark().trim();
      await client.contacts.add(person.jid, { message: message().trim(), ...(name && { remark: name }) });
      toast(t('requestSent', name || person.name));
      props.onClose();
      navigate(toContact(person.jid));
    });
  };
  return (
    <Dialog
      open={props.person !== undefined}
      onClose={props.onClose}
      title={t('requestTitle', props.person?.name ?? '')}
      actions={
        <Button kind="primary" type="submit" form="contact-request" busy={action.busy()}>
          {t('sendRequest')}
        </Button>
      }
    >
      <Show when={props.person}>
        {(person) => (
          <form id="contact-request" class="people-form" onSubmit={send} onKeyDown={guardComposition}>
            <div class="people-who">
              <Avatar name={person().name} seed={person().jid} picture={client.profiles.of(person().jid).get().avatar?.blob} />
              <span>
                <PersonName name={person().name} />
                <small>{person().jid}</small>
              </span>
            </div>
            <TextArea
              label={t('requestMessage')}
              hint={t('requestMessageHint')}
              maxlength={200}
              rows={2}
              autofocus
              value={message()}
              onValue={setMessage}
              onKeyDown={(event) => isEnter(event) && send(event)}
            />
            <Field label={t('remarkOptional')} maxlength={60} autocomplete="off" value={remark()} onValue={setRemark} />
            <Show when={action.error()}>{(error) => <Banner kind="danger">{error()}</Banner>}</Show>
          </form>
        )}
      </Show>
    </Dialog>
  );
}
