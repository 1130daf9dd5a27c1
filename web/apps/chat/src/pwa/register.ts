// Registers the service worker and offers a reload when it brought a new version.
import { toast } from '@magpie/ui';
import { t } from '../text';

interface ScriptUrls {
  createScriptURL(url: string): string;
}
type Factory = { createPolicy(name: string, rules: ScriptUrls): ScriptUrls };

/** Under Trusted Types a worker's address needs a policy; this one knows only ours. */
function workerAddress(): string {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  const rules: ScriptUrls = { createScriptURL: () => '/sw.js' };
  return (factory ? factory.createPolicy('magpie-worker', rules) : rules).createScriptURL('');
}

export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  navigator.serviceWorker
    .register(workerAddress())
    .then((registration) => {
      registration.addEventListener('updatefound', () => {
        const fresh = registration.installing;
        fresh?.addEventListener('statechange', () => {
          if (fresh.state === 'installed' && navigator.serviceWorker.controller) offer(fresh);
        });
      });
      if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
    })
    .catch((error: unknown) => console.warn('service worker not registered:', error));
}

function offer(fresh: ServiceWorker): void {
  toast(t('update'), {
    action: {
      label: t('reload'),
      run: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        fresh.postMessage({ activate: true });
      },
    },
  });
}
