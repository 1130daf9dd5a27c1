// One person in the contact list: picture, name, and whether they are there.
import type { Contact } from '@magpie/client';
import { Avatar, PersonName } from '@magpie/ui';
import type { JSX } from 'solid-js';
import { href, toContact } from '../router';
import { useClient } from '../state/client';
import { fromChosen } from '../state/signal';
import { presenceText } from './presence-text';
import { t } from './text';

export function ContactRow(props: {
  readonly contact: Contact;
  readonly selected: boolean;
  readonly tabbable: boolean;
}): JSX.Element {
  const client = useClient();
  const profile = fromChosen(() => client.profiles.of(props.contact.jid));
  const presence = fromChosen(() => client.presence.of(props.contact.jid));
  const text = () => {
    if (props.contact.blocked) return t('blocked');
    if (props.contact.relation === 'waiting') return t('waiting');
    if (props.contact.relation === 'mutual' || props.contact.relation === 'i-follow') return presenceText(presence());
    return props.contact.jid;
  };
  return (
    <a
      class="contact-row"
      href={href(toContact(props.contact.jid))}
      data-jid={props.contact.jid}
      aria-current={props.selected ? 'page' : undefined}
      tabindex={props.tabbable ? 0 : -1}
      draggable={false}
    >
      <Avatar
        name={props.contact.name}
        seed={props.contact.jid}
        picture={profile().avatar?.blob}
        size={40}
        presence={presence().status}
      />
      <span class="contact-row-main">
        <PersonName name={props.contact.name} class="contact-row-name ui-truncate" />
        <span class="contact-row-text ui-truncate">{text()}</span>
      </span>
    </a>
  );
}
