// The main layout: list column, main pane, third column. Below 768 px one of them at a time.
import { createEffect, lazy, onCleanup, Show, Suspense, Switch, Match, type JSX } from 'solid-js';
import { ChatPanel, ChatPane } from '../chat';
import { ConversationList } from '../conversations';
import { route, type Tab } from '../router';
import { useClient } from '../state/client';
import { startNotifications } from '../state/notify';
import { followTitle } from '../state/title';
import { narrow } from '../state/viewport';
import { t } from '../text';
import { ConnectionBanner } from './connection-banner';
import { EmptyPane } from './empty-pane';
import { finding, startKeys } from './keys';
import { Resizer } from './resizer';
import { TabBar } from './tab-bar';
import './shell.css';

const ContactList = lazy(() => import('../contacts').then((module) => ({ default: module.ContactList })));
const ContactPane = lazy(() => import('../contacts').then((module) => ({ default: module.ContactPane })));
const loadSwitcher = () => import('../switcher');
const Switcher = lazy(loadSwitcher);
const SettingsList = lazy(() => import('../settings').then((module) => ({ default: module.SettingsList })));
const SettingsPane = lazy(() => import('../settings').then((module) => ({ default: module.SettingsPane })));

/** After the first screen has come to rest. */
const switcherMs = 1500;

/** Which column a phone shows, and whether there is a third one. */
function view(): 'list' | 'main' | 'panel' {
  const at = route();
  if (at.tab === 'chats') return at.jid ? (at.panel ? 'panel' : 'main') : 'list';
  if (at.tab === 'contacts') return at.jid || at.view ? 'main' : 'list';
  return at.tab === 'settings' && at.section ? 'main' : 'list';
}

const chats = () => {
  const at = route();
  return at.tab === 'chats' ? at : undefined;
};
const contacts = () => {
  const at = route();
  return at.tab === 'contacts' ? at : undefined;
};
const settings = () => {
  const at = route();
  return at.tab === 'settings' ? at : undefined;
};
const tab = (): Tab => (contacts() ? 'contacts' : settings() ? 'settings' : 'chats');
const chatJid = () => chats()?.jid ?? null;
const panel = () => chats()?.panel ?? null;

export function Shell(): JSX.Element {
  const client = useClient();
  startNotifications(client);
  followTitle(client);
  startKeys(client);
  // There when Ctrl+K is pressed: what is typed after it must not go where the cursor was.
  const soon = setTimeout(() => void loadSwitcher(), switcherMs);
  onCleanup(() => clearTimeout(soon));
  let main: HTMLElement | undefined;
  // A phone shows the column as a new screen: the keyboard and the screen reader begin there.
  createEffect(() => {
    if (view() !== 'list' && narrow()) main?.focus({ preventScroll: true });
  });
  return (
    <div class="shell" data-view={view()} data-panel={panel() ? '' : undefined}>
      <section class="shell-list" role={narrow() && view() === 'list' ? 'main' : undefined} aria-label={t(tab())}>
        <ConnectionBanner />
        <div class="shell-list-body">
          <Suspense>
            <Switch fallback={<ConversationList selected={chatJid()} />}>
              <Match when={contacts()}>{(at) => <ContactList selected={at().jid} view={at().view} />}</Match>
              <Match when={settings()}>{(at) => <SettingsList section={at().section} />}</Match>
            </Switch>
          </Suspense>
        </div>
        <TabBar />
        <Resizer />
      </section>
      <main class="shell-main" tabindex="-1" ref={main}>
        <Show when={narrow()}>
          <ConnectionBanner />
        </Show>
        <Suspense>
          <Switch fallback={<EmptyPane />}>
            <Match when={chatJid()} keyed>
              {(jid) => <ChatPane jid={jid} />}
            </Match>
            <Match when={contacts()}>{(at) => <ContactPane jid={at().jid} view={at().view} />}</Match>
            <Match when={settings()}>{(at) => <SettingsPane section={at().section} />}</Match>
          </Switch>
        </Suspense>
      </main>
      <Show when={chatJid() && panel()}>
        <section class="shell-panel" role={narrow() ? 'main' : 'complementary'} aria-label={t('details')}>
          <Suspense>
            <ChatPanel jid={chatJid() ?? ''} panel={panel() ?? 'info'} />
          </Suspense>
        </section>
      </Show>
      <Show when={finding()}>
        <Suspense>
          <Switcher />
        </Suspense>
      </Show>
    </div>
  );
}
