// Somebody found, who may already be a contact: a row that opens their profile, or a button to add them.
import type { Found } from '@magpie/client';
import { Avatar, Button, ListRow, PersonName } from '@magpie/ui';
import { Show, type JSX } from 'solid-js';
import { href, toContact } from '../router';
import { usePerson } from './person';
import { t } from './text';

export function PersonRow(props: { readonly person: Found; readonly text?: string; readonly onAdd: () => void }): JSX.Element {
  const { contact, profile, own } = usePerson(() => props.person.jid);
  const start = () => <Avatar name={props.person.name} seed={props.person.jid} picture={profile().avatar?.blob} size={40} />;
  const known = () => {
    if (own()) return t('isMe');
    if (contact()?.relation === 'waiting') return t('waiting');
    return contact() && contact()?.relation !== 'none' ? t('isContact') : undefined;
  };
  return (
    <Show
      when={known()}
      fallback={
        <ListRow
          title={<PersonName name={props.person.name} />}
          text={props.text ?? props.person.jid}
          start={start()}
          end={
            <Button onClick={() => props.onAdd()} aria-label={t('addPerson', props.person.name)}>
              {t('addButton')}
            </Button>
          }
        />
      }
    >
      {(words) => (
        <ListRow
          href={own() ? href({ tab: 'settings', section: 'profile' }) : href(toContact(props.person.jid))}
          title={<PersonName name={props.person.name} />}
          text={props.person.jid}
          start={start()}
          end={<span>{words()}</span>}
        />
      )}
    </Show>
  );
}
