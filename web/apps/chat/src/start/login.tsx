// Log in: name and password. Says why a former login ended.
import { Banner, Button, Field } from '@magpie/ui';
import { createSignal, Match, Show, Switch, type JSX } from 'solid-js';
import { codeText } from '../errors';
import { href, route } from '../router';
import { branding } from '../state/branding';
import { useClient, useClientStore } from '../state/client';
import { createForm } from './form';
import { t } from './text';

export function Login(): JSX.Element {
  const client = useClient();
  const state = useClientStore((known) => known.connection.state);
  const form = createForm();
  const [user, setUser] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [remember, setRemember] = createSignal(true);
  const invitation = () => {
    const at = route();
    return at.tab === 'start' ? at.invitation : null;
  };
  const ended = () => {
    const is = state();
    return is.status === 'signed-out' ? is.reason : null;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!user().trim()) return form.fail('user', t('usernameMissing'));
    if (!password()) return form.fail('password', t('passwordMissing'));
    void form.run(() => client.connection.login({ user: user().trim(), password: password(), remember: remember() }));
  };
  return (
    <form class="start-form" onSubmit={submit} novalidate>
      <h1>{t('logIn')}</h1>
      <Show
        when={form.errorAt('form')}
        fallback={<Show when={ended()}>{(reason) => <Banner kind="warning">{codeText(reason())}</Banner>}</Show>}
      >
        {(text) => <Banner kind="danger">{text()}</Banner>}
      </Show>
      <Field
        label={t('username')}
        name="username"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        autofocus
        value={user()}
        suffix={user().includes('@') ? undefined : `@${branding().domain}`}
        error={form.errorAt('user')}
        onValue={(value) => {
          setUser(value);
          form.clear();
        }}
      />
      <Field
        label={t('password')}
        name="password"
        type="password"
        autocomplete="current-password"
        value={password()}
        error={form.errorAt('password')}
        onValue={(value) => {
          setPassword(value);
          form.clear();
        }}
      />
      <label class="start-check">
        <input type="checkbox" checked={remember()} onChange={(event) => setRemember(event.currentTarget.checked)} />
        <span>{t('remember')}</span>
      </label>
      <Button kind="primary" wide type="submit" busy={form.busy()}>
        {t('logIn')}
      </Button>
      <p class="start-other">
        <Switch fallback={t('registerClosed')}>
          <Match when={branding().registration === 'open' || invitation()}>
            {t('noAccount')}{' '}
            <a href={invitation() ? '#/' : href({ tab: 'start', screen: 'register', invitation: null })}>{t('createAccount')}</a>
          </Match>
          <Match when={branding().registration === 'invite'}>{t('registerByInvite')}</Match>
        </Switch>
      </p>
    </form>
  );
}
