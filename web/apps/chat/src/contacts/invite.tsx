// One's own code and link, to be added by. A server without invitations gives the plain address instead.
import type { Invitation } from '@magpie/client';
import { Avatar, Banner, Button, CopyIcon, fullTime, LinkIcon, PersonName, RefreshIcon, Spinner } from '@magpie/ui';
import { createResource, Show, type JSX } from 'solid-js';
import { codeOf, errorText } from '../errors';
import { PaneHead } from '../layout/pane-head';
import { useClient, useClientStore } from '../state/client';
import { copyText } from './action';
import { localPart } from './person';
import { QrCode } from './qr';
import { t } from './text';

type Code = { readonly invitation: Invitation } | { readonly plain: string } | { readonly problem: string };

export function InvitePane(): JSX.Element {
  const client = useClient();
  const own = useClientStore((known) => known.profiles.own);
  const jid = () => client.connection.account.get()?.jid ?? '';
  const name = () => own().nickname ?? localPart(jid());
  const features = useClientStore((known) => known.connection.features);
  const able = () => ({ invitations: features().invitations });
  const [code, { refetch }] = createResource(able, async ({ invitations }): Promise<Code> => {
    const plain = { plain: `xmpp:${jid()}?roster` };
    if (!invitations) return plain;
    return client.invitations.toContact().then(
      (invitation) => ({ invitation }),
      (error: unknown) => (codeOf(error) === 'unsupported' ? plain : { problem: errorText(error) }),
    );
  });
  const invitation = () => {
    const known = code.latest;
    return known && 'invitation' in known ? known.invitation : undefined;
  };
  const text = () => {
    const known = code.latest;
    return invitation()?.link ?? (known && 'plain' in known ? known.plain : undefined);
  };
  const problem = () => {
    const known = code.latest;
    return known && 'problem' in known ? known.problem : undefined;
  };
  const share = (link: string) => void navigator.share({ title: name(), url: link }).catch(() => undefined);
  return (
    <>
      <PaneHead title={t('inviteTitle')} />
      <div class="people-body">
        <div class="people-column people-invite">
          <div class="people-card people-code">
            <div class="people-who">
              <Avatar name={name()} seed={jid()} picture={own().avatar?.blob} />
              <span>
                <PersonName name={name()} />
                <small>{jid()}</small>
              </span>
            </div>
            <Show when={text()} fallback={<div class="people-qr people-wait">{problem() ? undefined : <Spinner />}</div>}>
              {(known) => <QrCode text={known()} label={t('codeOf', name())} />}
            </Show>
            <Show when={problem()}>
              {(words) => (
                <Banner
                  kind="danger"
                  action={
                    <Button kind="quiet" onClick={() => void refetch()}>
                      {t('newCode')}
                    </Button>
                  }
                >
                  {words()}
                </Banner>
              )}
            </Show>
            <p class="people-note">{invitation() || !text() ? t('inviteText') : t('inviteTextPlain')}</p>
          </div>
          <Show when={text()}>
            {(link) => (
              <>
                <div class="people-link">
                  <span class="ui-truncate">{link()}</span>
                </div>
                <div class="people-actions">
                  <Button kind="primary" onClick={() => void copyText(link(), t('copied'))}>
                    <CopyIcon size={18} />
                    {t('copyLink')}
                  </Button>
                  <Show when={'share' in navigator}>
                    <Button onClick={() => share(link())}>
                      <LinkIcon size={18} />
                      {t('share')}
                    </Button>
                  </Show>
                  <Show when={invitation()}>
                    <Button busy={code.loading} onClick={() => void refetch()}>
                      <RefreshIcon size={18} />
                      {t('newCode')}
                    </Button>
                  </Show>
                </div>
              </>
            )}
          </Show>
          <Show when={invitation()?.expires}>{(time) => <p class="people-note">{t('validUntil', fullTime(time()))}</p>}</Show>
        </div>
      </div>
    </>
  );
}
