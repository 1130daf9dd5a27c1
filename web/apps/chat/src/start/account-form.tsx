// The three fields that make an account; who shows them says how it is made.
import { Banner, Button, Field } from '@magpie/ui';
import { createSignal, Show, type JSX } from 'solid-js';
import { branding } from '../state/branding';
import { createForm } from './form';
import { t } from './text';

const shortest = 8;

export interface NewAccount {
  readonly user: string;
  readonly password: string;
  readonly nickname?: string;
}

/** A rejection of `make` is shown at the field it belongs to. */
export function AccountForm(props: { readonly make: (account: NewAccount) => Promise<void> }): JSX.Element {
  const form = createForm();
  const [nickname, setNickname] = createSignal('');
  const [user, setUser] = createSignal('');
  const [password, setPassword] = createSignal('');
  const account = (): NewAccount => {
    const named = nickname().trim();
    return { user: user().trim(), password: password(), ...(named ? { nickname: named } : {}) };
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!user().trim()) return form.fail('user', t('usernameMissing'));
    if ([...password()].length < shortest) return form.fail('password', t('passwordShort'));
    void form.run(() => props.make(account()));
  };
  return (
    <form class="start-form" onSubmit={submit} novalidate>
      <Show when={form.errorAt('form')}>{(text) => <Banner kind="danger">{text()}</Banner>}</Show>
      <Field
        label={t('nickname')}
        name="nickname"
        autocomplete="nickname"
        autofocus
        hint={t('nicknameHint')}
        value={nickname()}
        onValue={setNickname}
      />
      <Field
        label={t('username')}
        name="username"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        hint={t('usernameHint')}
        value={user()}
        suffix={`@${branding().domain}`}
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
        autocomplete="new-password"
        hint={t('newPasswordHint')}
        value={password()}
        error={form.errorAt('password')}
        onValue={(value) => {
          setPassword(value);
          form.clear();
        }}
      />
      <Button kind="primary" wide type="submit" busy={form.busy()}>
        {t('createAccount')}
      </Button>
    </form>
  );
}
