// Settings: their list in the list column, one section in the main pane.
import {
  Avatar,
  BellIcon,
  DeviceIcon,
  InfoIcon,
  KeyboardIcon,
  KeyIcon,
  ListRow,
  PaletteIcon,
  RightIcon,
  SettingsIcon,
  ShieldIcon,
  StorageIcon,
  EmptyState,
  type IconComponent,
} from '@magpie/ui';
import { For, Show, type Component, type JSX } from 'solid-js';
import { Dynamic } from '@magpie/ui/dom';
import { OwnProfile } from '../contacts';
import { PaneHead } from '../layout/pane-head';
import { href, type SettingsSection } from '../router';
import { useClientStore } from '../state/client';
import { About } from './about';
import { AccountSection } from './account';
import { Appearance } from './appearance';
import { DevicesSection } from './devices';
import { NotificationsSection } from './notifications';
import { PrivacySection } from './privacy';
import { Shortcuts } from './shortcuts';
import { StorageSection } from './storage';
import { t } from './text';
import './settings.css';

const sections: Record<SettingsSection, Component> = {
  profile: OwnProfile,
  appearance: Appearance,
  notifications: NotificationsSection,
  privacy: PrivacySection,
  devices: DevicesSection,
  storage: StorageSection,
  account: AccountSection,
  shortcuts: Shortcuts,
  about: About,
};

const groups: readonly (readonly (readonly [SettingsSection, IconComponent])[])[] = [
  [
    ['appearance', PaletteIcon],
    ['notifications', BellIcon],
    ['privacy', ShieldIcon],
  ],
  [
    ['account', KeyIcon],
    ['devices', DeviceIcon],
    ['storage', StorageIcon],
  ],
  [
    ['shortcuts', KeyboardIcon],
    ['about', InfoIcon],
  ],
];

const link = (section: SettingsSection) => href({ tab: 'settings', section });

export function SettingsList(props: { readonly section: SettingsSection | null }): JSX.Element {
  const account = useClientStore((client) => client.connection.account);
  const own = useClientStore((client) => client.profiles.own);
  const name = () => own().nickname ?? account()?.jid.split('@')[0] ?? '';
  return (
    <>
      <header class="column-head">
        <h1>{t('settings')}</h1>
      </header>
      <nav class="column-scroll settings-list" aria-label={t('settings')}>
        <ListRow
          href={link('profile')}
          selected={props.section === 'profile'}
          title={<strong>{name()}</strong>}
          text={account()?.jid}
          start={<Avatar name={name()} seed={account()?.jid ?? ''} picture={own().avatar?.blob} />}
          end={<RightIcon size={16} />}
        />
        <For each={groups}>
          {(group) => (
            <div class="settings-group">
              <For each={group}>
                {([section, Icon]) => (
                  <ListRow href={link(section)} selected={props.section === section} title={t(section)} start={<Icon />} />
                )}
              </For>
            </div>
          )}
        </For>
      </nav>
    </>
  );
}

export function SettingsPane(props: { readonly section: SettingsSection | null }): JSX.Element {
  return (
    <Show when={props.section} keyed fallback={<EmptyState icon={<SettingsIcon size={28} />} title={t('chooseSection')} />}>
      {(section) => (
        <>
          <PaneHead title={t(section)} />
          <div class="settings-body">
            <div class="settings-column">
              <Dynamic component={sections[section]} />
            </div>
          </div>
        </>
      )}
    </Show>
  );
}
