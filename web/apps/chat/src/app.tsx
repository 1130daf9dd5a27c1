// The app as a whole: who is not logged in sees the first-run screens, everybody else the shell.
import { EmptyState, Button, ToastRegion, AlertIcon } from '@magpie/ui';
import { createEffect, ErrorBoundary, lazy, on, Show, Suspense, type JSX } from 'solid-js';
import { Shell } from './layout/shell';
import { navigate, route, toTab } from './router';
import { branding } from './state/branding';
import { useClientStore } from './state/client';
import { t } from './text';
import './app.css';

const Start = lazy(() => import('./start'));

/** Instead of everything, when the app itself cannot start. */
export function LoadFailed(): JSX.Element {
  return (
    <main class="app-failed">
      <EmptyState level={1} icon={<AlertIcon />} title={t('loadFailed')} text={t('loadFailedText')}>
        <Button kind="primary" onClick={() => location.reload()}>
          {t('reload')}
        </Button>
      </EmptyState>
    </main>
  );
}

export function App(): JSX.Element {
  const account = useClientStore((client) => client.connection.account);
  const inside = () => account() !== null;
  createEffect(
    on(inside, (now) => {
      if (!now && route().tab === 'settings') navigate(toTab('chats'), { replace: true });
      if (now && route().tab === 'start') {
        const at = route();
        navigate(at.tab === 'start' && at.invitation ? { tab: 'invite', invitation: at.invitation } : toTab('chats'), {
          replace: true,
        });
      }
    }),
  );
  // Inside, the title carries the unread count.
  createEffect(() => {
    if (!inside()) document.title = branding().name;
  });
  return (
    <ErrorBoundary
      fallback={(error: unknown) => {
        console.error(error);
        return <LoadFailed />;
      }}
    >
      <Suspense>
        <Show when={inside() && route().tab !== 'invite'} fallback={<Start member={inside()} />}>
          <Shell />
        </Show>
      </Suspense>
      <ToastRegion />
    </ErrorBoundary>
  );
}
