// Register without an invitation, where the operator allows it.
import { Match, Switch, type JSX } from 'solid-js';
import { href } from '../router';
import { branding } from '../state/branding';
import { useClient } from '../state/client';
import { AccountForm } from './account-form';
import { t } from './text';

export function Register(): JSX.Element {
  const client = useClient();
  return (
    <div class="start-form">
      <h1>{t('registerTitle')}</h1>
      <Switch fallback={<AccountForm make={(account) => client.connection.register(account)} />}>
        <Match when={branding().registration === 'invite'}>
          <p class="start-text">{t('registerByInvite')}</p>
        </Match>
        <Match when={branding().registration === 'closed'}>
          <p class="start-text">{t('registerClosed')}</p>
        </Match>
      </Switch>
      <p class="start-other">
        {t('haveAccount')} <a href={href({ tab: 'start', screen: 'login', invitation: null })}>{t('logIn')}</a>
      </p>
    </div>
  );
}
