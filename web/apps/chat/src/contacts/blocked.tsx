// Who is blocked, and the way back.
import { Avatar, BlockIcon, Button, EmptyState, ListRow, PersonName, toast } from '@magpie/ui';
import type { Jid } from '@magpie/client';
import { For, Show, type JSX } from 'solid-js';
import { PaneHead } from '../layout/pane-head';
import { useClient, useClientStore } from '../state/client';
import { tell } from './action';
import { usePerson } from './person';
import { t } from './text';

function Blocked(props: { readonly jid: Jid }): JSX.Element {
  const client = useClient();
  const { name, profile } = usePerson(() => props.jid);
  const unblock = () => client.contacts.unblock(props.jid).then(() => toast(t('unblocked', name())), tell);
  return (
    <ListRow
      title={<PersonName name={name()} />}
      text={props.jid}
      start={<Avatar name={name()} seed={props.jid} picture={profile().avatar?.blob} size={40} />}
      end={<Button onClick={() => void unblock()}>{t('unblock')}</Button>}
    />
  );
}

export function BlockedPane(): JSX.Element {
  const blocked = useClientStore((client) => client.contacts.blocked);
  return (
    <>
      <PaneHead title={t('blockedPeople')} />
      <Show
        when={blocked().length}
        fallback={<EmptyState icon={<BlockIcon size={28} />} title={t('nobodyBlocked')} text={t('nobodyBlockedText')} />}
      >
        <div class="people-body">
          <div class="people-column">
            <div class="people-card">
              <For each={blocked()}>{(jid) => <Blocked jid={jid} />}</For>
            </div>
          </div>
        </div>
      </Show>
    </>
  );
}
