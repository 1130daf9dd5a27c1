// The third column of a conversation: the card of who it is.
import { Spinner } from '@magpie/ui';
import { lazy, Suspense, type JSX } from 'solid-js';
import { PaneHead } from '../layout/pane-head';
import { navigate, toChat } from '../router';
import { t } from './text';
import './info-panel.css';

const ContactCard = lazy(() => import('../contacts').then((module) => ({ default: module.ContactCard })));

export function InfoPanel(props: { readonly jid: string }): JSX.Element {
  return (
    <>
      <PaneHead title={t('conversationInfo')} onClose={() => navigate(toChat(props.jid), { replace: true })} />
      <div class="info">
        <Suspense fallback={<Spinner />}>
          <ContactCard jid={props.jid} inTalk />
        </Suspense>
      </div>
    </>
  );
}
