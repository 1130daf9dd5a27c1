// Address, password, log out, delete the account.
import { Banner, Button, CopyIcon, Field, IconButton, KeyIcon, ListRow, LogoutIcon, toast, TrashIcon } from '@magpie/ui';
import { Confirm, Dialog } from '@magpie/ui/dialog';
import { createSignal, Show, type JSX } from 'solid-js';
import { errorText } from '../errors';
import { useClient, useClientStore } from '../state/client';
import { Card } from './card';
import { t } from './text';

interface DialogState {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** A request with its button's wait and its error. */
function createRequest() {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string>();
  const run = async (request: () => Promise<void>, done: () => void) => {
    setBusy(true);
    setError(undefined);
    await request().then(done, (failure: unknown) => setError(errorText(failure)));
    setBusy(false);
  };
  return { busy, error, setError, run };
}

function PasswordDialog(props: DialogState): JSX.Element {
  const client = useClient();
  const request = createRequest();
  const [password, setPassword] = createSignal('');
  const close = () => {
    setPassword('');
    request.setError(undefined);
    props.onClose();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if ([...password()].length < 8) return request.setError(t('passwordShort'));
    void request.run(
      () => client.connection.changePassword(password()),
      () => {
        toast(t('passwordChanged'));
        close();
      },
    );
  };
  return (
    <Dialog
      open={props.open}
      onClose={close}
      title={t('changePassword')}
      actions={
        <Button kind="primary" type="submit" form="new-password" busy={request.busy()}>
          {t('save')}
        </Button>
      }
    >
      <form id="new-password" onSubmit={submit} novalidate>
        <input
          class="ui-visually-hidden"
          name="username"
          autocomplete="username"
          tabindex="-1"
          aria-hidden="true"
          readonly
          value={client.connection.account.get()?.jid ?? ''}
        />
        <Field
          label={t('newPassword')}
          type="password"
          autocomplete="new-password"
          autofocus
          hint={t('newPasswordHint')}
          error={request.error()}
          value={password()}
          onValue={(value) => {
            setPassword(value);
            request.setError(undefined);
          }}
        />
      </form>
    </Dialog>
  );
}

function DeleteDialog(props: DialogState & { readonly user: string }): JSX.Element {
  const client = useClient();
  const request = createRequest();
  const [typed, setTyped] = createSignal('');
  const close = () => {
    setTyped('');
    request.setError(undefined);
    props.onClose();
  };
  const remove = () => void request.run(() => client.connection.deleteAccount(), close);
  return (
    <Dialog
      open={props.open}
      onClose={close}
      title={t('deleteAccount')}
      actions={
        <Button kind="danger" disabled={typed().trim() !== props.user} busy={request.busy()} onClick={remove}>
          {t('deleteForever')}
        </Button>
      }
    >
      <Banner kind="danger">{t('deleteAccountText')}</Banner>
      <Field
        label={t('deleteConfirm', props.user)}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={typed()}
        error={request.error()}
        onValue={setTyped}
      />
    </Dialog>
  );
}

export function AccountSection(): JSX.Element {
  const client = useClient();
  const account = useClientStore((known) => known.connection.account);
  const [open, setOpen] = createSignal<'password' | 'logout' | 'delete'>();
  const close = () => setOpen(undefined);
  const jid = () => account()?.jid ?? '';
  const copy = () =>
    navigator.clipboard.writeText(jid()).then(
      () => toast(t('copied')),
      (error: unknown) => console.warn(error),
    );
  return (
    <>
      <Card>
        <ListRow
          title={jid()}
          text={t('accountAddress')}
          end={
            <IconButton label={t('copy')} onClick={() => void copy()}>
              <CopyIcon />
            </IconButton>
          }
        />
      </Card>
      <Card>
        <ListRow title={t('changePassword')} start={<KeyIcon />} onClick={() => setOpen('password')} />
        <ListRow title={t('logOut')} start={<LogoutIcon />} onClick={() => setOpen('logout')} />
      </Card>
      <Card note={t('deleteAccountText')}>
        <ListRow danger title={t('deleteAccount')} start={<TrashIcon />} onClick={() => setOpen('delete')} />
      </Card>
      <PasswordDialog open={open() === 'password'} onClose={close} />
      <Confirm
        open={open() === 'logout'}
        onClose={close}
        title={t('logOutTitle')}
        text={t('logOutText')}
        action={t('logOut')}
        onConfirm={() => client.connection.logout()}
      />
      <Show when={jid()}>
        <DeleteDialog open={open() === 'delete'} onClose={close} user={jid().split('@')[0] ?? ''} />
      </Show>
    </>
  );
}
