// Adding somebody: one field takes a name, a username, an address or an invitation; below it what that may be, and other ways.
import type { Found } from '@magpie/client';
import { Banner, Field, isEnter, ListRow, QrIcon, ScanIcon, Spinner } from '@magpie/ui';
import { createMemo, createSignal, For, lazy, Show, Suspense, type JSX } from 'solid-js';
import { PaneHead } from '../layout/pane-head';
import { href } from '../router';
import { useClient } from '../state/client';
import { searchDirectory } from './directory';
import { InvitationCard } from './invitation-card';
import { meaningOf } from './meaning';
import { localPart } from './person';
import { PersonRow } from './person-row';
import { RequestDialog } from './request-dialog';
import { canScan } from './scan';
import { t } from './text';

const Scanner = lazy(() => import('./scanner'));

export function AddPane(): JSX.Element {
  const client = useClient();
  const home = client.connection.account.get()?.domain ?? '';
  const [text, setText] = createSignal('');
  const [asking, setAsking] = createSignal<Found>();
  const [scanning, setScanning] = createSignal(false);
  const meaning = createMemo(() => meaningOf(text(), home, (typed) => client.invitations.parse(typed)));
  const invitation = () => {
    const known = meaning();
    return known.kind === 'invitation' ? known : undefined;
  };
  const directory = searchDirectory(() => (meaning().kind === 'words' ? text() : ''));
  const found = () => directory.found() ?? [];
  /** The address as typed, unless the directory knows it by name. */
  const address = createMemo((): Found | undefined => {
    const known = meaning();
    if (known.kind !== 'words' || !known.jid || found().some(({ jid }) => jid === known.jid)) return undefined;
    return { jid: known.jid, name: localPart(known.jid) };
  });
  const first = () => address() ?? found()[0];
  const nothing = () => meaning().kind === 'words' && !address() && !directory.busy() && !found().length && !directory.error();
  return (
    <>
      <PaneHead title={t('add')} />
      <div class="people-body">
        <div class="people-column">
          <Field
            label={t('addField')}
            hint={t('addHint', home)}
            autofocus
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            enterkeyhint="search"
            maxlength={2000}
            value={text()}
            onValue={setText}
            ref={(field: HTMLInputElement) => queueMicrotask(() => matchMedia('(pointer: fine)').matches && field.focus())}
            onKeyDown={(event) => isEnter(event) && setAsking(first())}
          />
          <Show when={invitation()} keyed>
            {(known) => <InvitationCard {...known} />}
          </Show>
          <Show when={address() ?? found().length}>
            <div class="people-card">
              <Show when={address()}>
                {(person) => <PersonRow person={person()} text={t('addByAddress')} onAdd={() => setAsking(person())} />}
              </Show>
              <For each={found()}>{(person) => <PersonRow person={person} onAdd={() => setAsking(person)} />}</For>
            </div>
          </Show>
          <Show when={directory.busy()}>
            <p class="people-wait">
              <Spinner />
            </p>
          </Show>
          <Show when={directory.error()}>{(error) => <Banner kind="warning">{error()}</Banner>}</Show>
          <Show when={nothing()}>
            <p class="people-none" role="status">
              {t('noDirectoryHit')}
            </p>
          </Show>
          <section class="people-section">
            <h2>{t('otherWays')}</h2>
            <div class="people-card">
              <ListRow
                href={href({ tab: 'contacts', jid: null, view: 'invite' })}
                title={t('myCode')}
                text={t('myCodeText')}
                start={
                  <span class="people-icon">
                    <QrIcon />
                  </span>
                }
              />
              <Show when={canScan()}>
                <ListRow
                  onClick={() => setScanning(true)}
                  title={t('scan')}
                  text={t('scanText')}
                  start={
                    <span class="people-icon">
                      <ScanIcon />
                    </span>
                  }
                />
              </Show>
            </div>
          </section>
        </div>
      </div>
      <RequestDialog person={asking()} onClose={() => setAsking(undefined)} />
      <Show when={scanning()}>
        <Suspense>
          <Scanner onFound={setText} onClose={() => setScanning(false)} />
        </Suspense>
      </Show>
    </>
  );
}
