// An invitation opened by somebody without a login: who invites, then the account in three fields.
import { AlertIcon, Avatar, Button, EmptyState, Spinner, toast } from '@magpie/ui';
import { createSignal, Match, Show, Switch, type JSX } from 'solid-js';
import type { InvitationInfo } from '@magpie/client';
import { localPart } from '../contacts/person';
import { codeOf, errorText } from '../errors';
import { href, navigate, toChat, toTab } from '../router';
import { branding } from '../state/branding';
import { useClient } from '../state/client';
import { AccountForm, type NewAccount } from './account-form';
import { lookAtInvitation } from './invitation';
import { t } from './text';

const [joining, setJoining] = createSignal(false);
/** True from the account's registration until its owner is in: the invitation is not yet one "opened by a member". */
export { joining };

/** The head of a valid invitation. */
export function Inviter(props: { readonly info: InvitationInfo; readonly text: string }): JSX.Element {
  const name = () => props.info.inviterName ?? localPart(props.info.inviter ?? '');
  return (
    <div class="start-inviter">
      <Show when={props.info.inviter}>{(jid) => <Avatar name={name()} seed={jid()} size={64} />}</Show>
      <h1>{props.info.inviter ? t('invitedBy', name()) : t('invitedAccount', branding().name)}</h1>
      <p class="start-text">{props.text}</p>
    </div>
  );
}

/** What is said instead of an invitation that cannot be used, or not now. */
export function NoInvitation(props: {
  readonly error?: unknown;
  readonly onRetry: () => void;
  readonly children: JSX.Element;
}): JSX.Element {
  // One that there is not is as dead as one that was used: trying again does not help.
  const failed = () => props.error !== undefined && codeOf(props.error) !== 'invitation-invalid';
  return (
    <EmptyState
      level={1}
      icon={<AlertIcon size={28} />}
      title={t(failed() ? 'inviteFailed' : 'inviteDead')}
      text={failed() ? errorText(props.error) : t('inviteDeadText')}
    >
      <Show when={failed()}>
        <Button kind="primary" onClick={() => props.onRetry()}>
          {t('tryAgain')}
        </Button>
      </Show>
      {props.children}
    </EmptyState>
  );
}

export function Invite(props: { readonly token: string }): JSX.Element {
  const client = useClient();
  const [looked, again] = lookAtInvitation(props.token);
  const good = () => {
    const seen = looked();
    return seen && 'info' in seen && seen.info.valid ? seen.info : undefined;
  };
  const error = () => {
    const seen = looked();
    return seen && 'error' in seen ? seen.error : undefined;
  };
  const befriend = async (jid: string) => {
    try {
      if (!client.contacts.get(jid)) await client.contacts.add(jid, { invitation: props.token });
      client.conversations.begin(jid);
    } catch (failure) {
      toast(errorText(failure), { kind: 'danger' });
    }
  };
  const join = async (account: NewAccount, inviter: string | null) => {
    setJoining(true);
    try {
      await client.connection.register({ ...account, invitation: props.token });
      if (inviter) await befriend(inviter);
      navigate(inviter ? toChat(inviter) : toTab('chats'), { replace: true });
    } finally {
      setJoining(false);
    }
  };
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
            <Inviter info={info()} text={info().inviter ? t('invitedText', branding().name) : t('invitedAccountText')} />
            <AccountForm make={(account) => join(account, info().inviter)} />
            <p class="start-other">
              {t('haveAccount')} <a href={href({ tab: 'start', screen: 'login', invitation: props.token })}>{t('logIn')}</a>
            </p>
          </div>
        )}
      </Match>
      <Match when={looked()}>
        <NoInvitation error={error()} onRetry={again}>
          <a class="start-link" href="/#/login">
            {t('toLogin')}
          </a>
        </NoInvitation>
      </Match>
    </Switch>
  );
}
