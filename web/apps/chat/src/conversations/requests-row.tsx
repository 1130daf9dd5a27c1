// Above the list: somebody asks to become a contact. Gone once each was answered or put off.
import type { ContactRequest } from '@magpie/client';
import { Badge, ListRow, PeopleIcon } from '@magpie/ui';
import { Show, type JSX } from 'solid-js';
import { href } from '../router';
import { useClient, useClientStore } from '../state/client';
import { fromChosen } from '../state/signal';
import { t } from './text';

function Row(props: { readonly first: ContactRequest; readonly count: number }): JSX.Element {
  const client = useClient();
  const profile = fromChosen(() => client.profiles.of(props.first.jid));
  const name = () => profile().nickname ?? props.first.name;
  return (
    <div class="chat-list-requests">
      <ListRow
        href={href({ tab: 'contacts', jid: null, view: 'requests' })}
        title={<strong>{t('requests')}</strong>}
        text={props.count > 1 ? t('requestsFrom', name(), props.count) : t('requestFrom', name())}
        start={
          <span class="chat-list-icon">
            <PeopleIcon />
          </span>
        }
        end={<Badge count={props.count} />}
      />
    </div>
  );
}

export function RequestsRow(): JSX.Element {
  const requests = useClientStore((client) => client.contacts.requests);
  const open = () => requests().filter((request) => !request.postponed);
  return <Show when={open()[0]}>{(first) => <Row first={first()} count={open().length} />}</Show>;
}
