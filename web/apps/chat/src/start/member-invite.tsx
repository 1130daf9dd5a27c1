// An invitation opened by somebody who is logged in: one button makes both contacts. Nothing happens by itself.
import { Button, Spinner, Banner } from '@magpie/ui';
import { Match, Show, Switch, type JSX } from 'solid-js';
import type { InvitationInfo } from '@magpie/client';
import { navigate, toChat, toTab } from '../router';
import { useClient, useClientStore } from '../state/client';
import { createForm } from './form';
import { lookAtInvitation } from './invitation';
import { Inviter, NoInvitation } from './invite';
import { t } from './text';

const toChats = () => navigate(toTab('chats'), { replace: true });

export function MemberInvite(props: { readonly token: string }): JSX.Element {
  const client = useClient();
  const account = useClientStore((known) => known.connection.account);
  const form = createForm();
  const [looked, again] = lookAtInvitation(props.token);
  const good = () => {
    const seen = looked();
    return seen && 'info' in seen && seen.info.valid ? seen.info : undefined;
  };
  const error = () => {
    const seen = looked();
    return seen && 'error' in seen ? seen.error : undefined;
  };
  const own = (info: InvitationInfo) => info.inviter === account()?.jid;
  const text = (info: InvitationInfo) =>
    own(info) ? t('ownInvite') : info.inviter ? t('memberText', account()?.jid ?? '') : t('memberAccount');
  const accept = (jid: string) =>
    form.run(async () => {
      await client.contacts.add(jid, { invitation: props.token });
      client.conversations.begin(jid);
      navigate(toChat(jid), { replace: true });
    });
  return (
    <Switch
      fallback={
        <div class="start-wait">
          <Spinner label={t('inviteChecking')} />
        </div>
      }
    >
      <Match when={good()}>
        {(info) => (
          <div class="start-form">
            <Inviter info={info()} text={text(info())} />
            <Show when={form.errorAt('form')}>{(words) => <Banner kind="danger">{words()}</Banner>}</Show>
            <Show
              when={!own(info()) && info().inviter}
              fallback={
                <Button kind="primary" wide onClick={toChats}>
                  {t('toChats')}
                </Button>
              }
            >
              {(jid) => (
                <Button kind="primary" wide busy={form.busy()} onClick={() => void accept(jid())}>
                  {t('becomeContacts')}
                </Button>
              )}
            </Show>
            <Show when={!own(info()) && info().inviter}>
              <Button kind="quiet" wide onClick={toChats}>
                {t('notNow')}
              </Button>
            </Show>
          </div>
        )}
      </Match>
      <Match when={looked()}>
        <NoInvitation error={error()} onRetry={again}>
          <Button onClick={toChats}>{t('toChats')}</Button>
        </NoInvitation>
      </Match>
    </Switch>
  );
}
