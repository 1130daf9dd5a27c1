// Mounting point of people: the list column, the main pane (a profile, requests, adding, inviting), and one's own profile in settings.
import { Button, EmptyState, PeopleIcon } from '@magpie/ui';
import { Match, Switch, type JSX } from 'solid-js';
import { PaneHead } from '../layout/pane-head';
import { navigate, type ContactView } from '../router';
import { t as shell } from '../text';
import { AddPane } from './add';
import { BlockedPane } from './blocked';
import { ContactCard } from './card';
import { InvitePane } from './invite';
import { RequestsPane } from './requests';
import { t } from './text';
import './contacts.css';

export { ContactCard } from './card';
export { ContactList } from './list';
export { OwnProfile } from './own-profile';

const to = (view: ContactView) => () => navigate({ tab: 'contacts', jid: null, view });

function NobodyChosen(): JSX.Element {
  return (
    <EmptyState icon={<PeopleIcon size={28} />} title={shell('chooseContact')}>
      <Button kind="primary" onClick={to('add')}>
        {t('add')}
      </Button>
      <Button onClick={to('invite')}>{t('myCode')}</Button>
    </EmptyState>
  );
}

export function ContactPane(props: { readonly jid: string | null; readonly view: ContactView | null }): JSX.Element {
  return (
    <Switch fallback={<NobodyChosen />}>
      <Match when={props.jid} keyed>
        {(jid) => (
          <>
            <PaneHead title={t('profile')} />
            <div class="people-body">
              <div class="people-column">
                <ContactCard jid={jid} />
              </div>
            </div>
          </>
        )}
      </Match>
      <Match when={props.view === 'requests'}>
        <RequestsPane />
      </Match>
      <Match when={props.view === 'add'}>
        <AddPane />
      </Match>
      <Match when={props.view === 'invite'}>
        <InvitePane />
      </Match>
      <Match when={props.view === 'blocked'}>
        <BlockedPane />
      </Match>
    </Switch>
  );
}
