// What screens know of one person, as signals: contact, profile, presence, name, and whether it is oneself.
import type { Contact, Jid } from '@magpie/client';
import { createMemo, type Accessor } from 'solid-js';
import { useClient, useClientStore } from '../state/client';
import { fromChosen } from '../state/signal';

export type Person = ReturnType<typeof usePerson>;

export function usePerson(jid: Accessor<Jid>) {
  const client = useClient();
  const contacts = useClientStore((known) => known.contacts.list);
  const blocked = useClientStore((known) => known.contacts.blocked);
  const requests = useClientStore((known) => known.contacts.requests);
  const profile = fromChosen(() => client.profiles.of(jid()));
  const presence = fromChosen(() => client.presence.of(jid()));
  const conversation = fromChosen(() => client.conversations.of(jid()));
  const contact = createMemo((): Contact | undefined => contacts().find((one) => one.jid === jid()));
  return {
    contact,
    profile,
    presence,
    conversation,
    request: createMemo(() => requests().find((one) => one.jid === jid())),
    blocked: () => blocked().includes(jid()),
    own: () => client.connection.account.get()?.jid === jid(),
    name: () => contact()?.name ?? profile().nickname ?? conversation()?.name ?? localPart(jid()),
  };
}

export const localPart = (jid: Jid): string => jid.split('@')[0] ?? jid;
