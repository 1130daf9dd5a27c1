// Says at the top of the screen that the network or the server is away. Short waits stay silent, so that nothing flickers.
import { Banner, Button, OfflineIcon, Spinner } from '@magpie/ui';
import { createEffect, createSignal, onCleanup, Show, type JSX } from 'solid-js';
import { codeText } from '../errors';
import { useClient, useClientStore } from '../state/client';
import { t } from '../text';
import './connection-banner.css';

const silentMs = 1200;

export function ConnectionBanner(): JSX.Element {
  const client = useClient();
  const state = useClientStore((known) => known.connection.state);
  const [late, setLate] = createSignal(false);
  const [now, setNow] = createSignal(Date.now());
  const calm = () => {
    const is = state();
    return is.status === 'online' || is.status === 'signed-out';
  };
  createEffect(() => {
    setLate(false);
    if (calm()) return;
    const timer = setTimeout(() => setLate(true), silentMs);
    onCleanup(() => clearTimeout(timer));
  });
  createEffect(() => {
    const is = state();
    if (is.status !== 'offline' || is.retryAt === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    onCleanup(() => clearInterval(timer));
  });
  const words = () => {
    const is = state();
    if (is.status !== 'offline') return t('connecting');
    if (is.reason === 'offline' || is.retryAt === null) return t('offline');
    if (is.reason !== 'unreachable' && is.reason !== 'connection-lost' && is.reason !== 'timeout') return codeText(is.reason);
    return t('unreachable', Math.max(0, Math.ceil((is.retryAt - now()) / 1000)));
  };
  const offline = () => state().status === 'offline';
  return (
    <Show when={late() && !calm()}>
      <div class="connection-banner">
        <Banner
          kind={offline() ? 'warning' : 'info'}
          icon={offline() ? <OfflineIcon size={18} /> : <Spinner size={16} />}
          action={
            offline() ? (
              <Button kind="quiet" onClick={() => client.connection.retry()}>
                {t('retry')}
              </Button>
            ) : undefined
          }
        >
          {words()}
        </Banner>
      </div>
    </Show>
  );
}
