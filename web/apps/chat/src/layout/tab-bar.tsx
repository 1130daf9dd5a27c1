// The three places of the app, at the foot of the list column: the same on a desk and a phone.
import { Badge, ChatIcon, PeopleIcon, SettingsIcon, type IconComponent } from '@magpie/ui';
import { For, Show, type JSX } from 'solid-js';
import { href, route, toTab, type Tab } from '../router';
import { useClientStore } from '../state/client';
import { t } from '../text';
import './tab-bar.css';

const tabs: readonly (readonly [Tab, IconComponent])[] = [
  ['chats', ChatIcon],
  ['contacts', PeopleIcon],
  ['settings', SettingsIcon],
];

export function TabBar(): JSX.Element {
  const unread = useClientStore((client) => client.conversations.unread);
  const requests = useClientStore((client) => client.contacts.requests);
  const counts: Record<Tab, () => number> = { chats: unread, contacts: () => requests().length, settings: () => 0 };
  return (
    <nav class="tab-bar" aria-label={t('mainNavigation')}>
      <For each={tabs}>
        {([tab, Icon]) => (
          <a href={href(toTab(tab))} aria-current={route().tab === tab ? 'page' : undefined}>
            <span class="tab-bar-icon">
              <Icon size={22} />
              <Show when={counts[tab]()}>{(count) => <Badge count={count()} />}</Show>
            </span>
            <span>{t(tab)}</span>
          </a>
        )}
      </For>
    </nav>
  );
}
