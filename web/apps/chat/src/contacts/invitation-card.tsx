// A pasted or scanned invitation: whose it is, and one button. Nothing happens by itself.
import type { InvitationInfo, Jid } from '@magpie/client';
import { Avatar, Banner, Button, PersonName, Spinner } from '@magpie/ui';
import { createResource, Match, Show, Switch, type JSX } from 'solid-js';
import { errorText } from '../errors';
import { navigate, toChat } from '../router';
import { useClient } from '../state/client';
import { createAction } from './action';
import { localPart, usePerson } from './person';
import { t } from './text';

interface InvitationCardProps {
  readonly jid: Jid | null;
  readonly token: string | null;
  readonly account: boolean;
}

type Seen = { readonly jid: Jid; readonly name: string } | { readonly problem: string };

/** An address that says whose it is needs no question: another server's token cannot be looked at here. */
function seen({ jid, account }: InvitationCardProps, info: InvitationInfo | undefined): Seen {
  if (info && !info.valid) return { problem: t('invitationDead') };
  if (account || info?.kind === 'account') return { problem: t('invitationAccount') };
  const inviter = info?.inviter ?? jid;
  return inviter ? { jid: inviter, name: info?.inviterName ?? localPart(inviter) } : { problem: t('invitationDead') };
}

function Inviter(props: { readonly jid: Jid; readonly name: string; readonly token: string | null }): JSX.Element {
  const client = useClient();
  const { profile, own } = usePerson(() => props.jid);
  const action = createAction();
  const accept = () =>
    action.run(async () => {
      await client.contacts.add(props.jid, props.token ? { invitation: props.token } : {});
      client.conversations.begin(props.jid);
      navigate(toChat(props.jid));
    });
  return (
    <>
      <div class="people-who">
        <Avatar name={props.name} seed={props.jid} picture={profile().avatar?.blob} />
        <span>
          <PersonName name={t('invitedBy', props.name)} />
          <small>{own() ? t('isMe') : t('invitationText')}</small>
        </span>
      </div>
      <Show when={!own()}>
        <Button kind="primary" wide busy={action.busy()} onClick={() => void accept()}>
          {t('becomeContacts')}
        </Button>
      </Show>
      <Show when={action.error()}>{(error) => <Banner kind="danger">{error()}</Banner>}</Show>
    </>
  );
}

export function InvitationCard(props: InvitationCardProps): JSX.Element {
  const client = useClient();
  const [looked] = createResource<Seen>(async () => {
    if (props.jid || !props.token) return seen(props, undefined);
    return client.invitations.look(props.token).then(
      (info) => seen(props, info),
      (error: unknown) => ({ problem: errorText(error) }),
    );
  });
  const inviter = () => {
    const known = looked.latest;
    return known && 'jid' in known ? known : undefined;
  };
  const problem = () => {
    const known = looked.latest;
    return known && 'problem' in known ? known.problem : undefined;
  };
  return (
    <section class="people-card people-form" aria-label={t('invitation')}>
      <Switch fallback={<Spinner />}>
        <Match when={inviter()}>{(known) => <Inviter {...known()} token={props.token} />}</Match>
        <Match when={problem()}>{(words) => <Banner kind="warning">{words()}</Banner>}</Match>
      </Switch>
    </section>
  );
}
