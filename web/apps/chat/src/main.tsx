// Entry: preferences before the first paint, the server's name and address, the client from what this device keeps, then the screen.
import '@magpie/ui';
import { createClient } from '@magpie/client';
import { locale } from '@magpie/ui';
import { render } from '@magpie/ui/dom';
import { App, LoadFailed } from './app';
import { registerServiceWorker } from './pwa/register';
import { startRouter } from './router';
import { branding, isBrandingKept, loadBranding } from './state/branding';
import { ClientProvider } from './state/client';
import { deviceName } from './state/device';
import { followPreferences } from './state/preferences';

followPreferences();
startRouter();

const root = document.createElement('div');
root.id = 'app';
document.body.append(root);

async function start(): Promise<void> {
  const branded = loadBranding();
  if (!isBrandingKept) await branded;
  const { domain, websocket } = branding();
  const device = { software: 'Magpie Web', name: deviceName(navigator.userAgent) };
  const client = await createClient({ lang: locale(), device, domain, ...(websocket ? { websocket } : {}) });
  render(
    () => (
      <ClientProvider client={client}>
        <App />
      </ClientProvider>
    ),
    root,
  );
  registerServiceWorker();
}

start().catch((error: unknown) => {
  console.error(error);
  render(() => <LoadFailed />, root);
});
