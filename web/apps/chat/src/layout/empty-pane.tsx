// The main pane while no chat is chosen: who one is, what to do, two shortcuts. With nobody to talk to yet, the first steps instead.
import { AddUserIcon, ChatIcon, EmptyState, ListRow, QrIcon, RightIcon, UserIcon, type IconComponent } from '@magpie/ui';
import { For, Show, type JSX } from 'solid-js';
import { href, type Route } from '../router';
import { branding } from '../state/branding';
import { useClientStore } from '../state/client';
import { t } from '../text';
import './empty-pane.css';

export const commandKey = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';

interface Step {
  readonly to: Route;
  readonly icon: IconComponent;
  readonly title: string;
  readonly text: string;
}

function FirstSteps(): JSX.Element {
  const steps = (): readonly Step[] => [
    { to: { tab: 'settings', section: 'profile' }, icon: UserIcon, title: t('stepProfile'), text: t('stepProfileText') },
    { to: { tab: 'contacts', jid: null, view: 'add' }, icon: AddUserIcon, title: t('addContact'), text: t('stepAddText') },
    { to: { tab: 'contacts', jid: null, view: 'invite' }, icon: QrIcon, title: t('inviteFriend'), text: t('stepInviteText') },
  ];
  return (
    <nav class="empty-steps" aria-label={t('firstSteps')}>
      <For each={steps()}>
        {(step) => (
          <ListRow href={href(step.to)} start={<step.icon />} title={step.title} text={step.text} end={<RightIcon size={16} />} />
        )}
      </For>
    </nav>
  );
}

export function EmptyPane(): JSX.Element {
  const account = useClientStore((client) => client.connection.account);
  const conversations = useClientStore((client) => client.conversations.list);
  const none = () => conversations().length === 0;
  return (
    <EmptyState
      icon={<ChatIcon size={28} />}
      title={none() ? t('welcome', branding().name) : t('chooseChat')}
      text={t('signedInAs', account()?.jid ?? '')}
    >
      <Show when={!none()} fallback={<FirstSteps />}>
        <dl class="empty-keys">
          <div>
            <dt>
              <kbd>{commandKey}</kbd> <kbd>K</kbd>
            </dt>
            <dd>{t('keyFind')}</dd>
          </div>
          <div>
            <dt>
              <kbd>?</kbd>
            </dt>
            <dd>{t('keyHelp')}</dd>
          </div>
        </dl>
      </Show>
    </EmptyState>
  );
}
