// The service worker: keeps the app's own files so that it starts without a network, and brings clicks on notifications back.
// Built to `/sw.js` by `build/service-worker.ts`, which puts the list of files and their version in.

declare const self: ServiceWorkerGlobalScope;
declare const SHELL: { readonly version: string; readonly files: readonly string[] };

const cacheName = `magpie-${SHELL.version}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(cacheName).then((cache) => cache.addAll(SHELL.files.map((file) => new Request(file, { cache: 'no-cache' })))),
  );
});

self.addEventListener('activate', (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name.startsWith('magpie-') && name !== cacheName) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

self.addEventListener('message', (event) => {
  if ((event.data as { activate?: unknown } | null)?.activate === true) void self.skipWaiting();
});

/** What a request is kept under: pages are all the one page, built files their own address. Undefined: not ours. */
function keptAddress(request: Request): string | undefined {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return undefined;
  if (request.mode === 'navigate') return url.pathname === '/' || url.pathname.startsWith('/invite/') ? '/' : undefined;
  return url.pathname.startsWith('/assets/') || SHELL.files.includes(url.pathname) ? url.pathname : undefined;
}

/** From the cache; a built file that was left out of the shell (emoji names) is kept once it was wanted. */
async function serve(request: Request, address: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(address);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok && address.startsWith('/assets/')) await cache.put(address, fresh.clone());
  return fresh;
}

self.addEventListener('fetch', (event) => {
  const address = keptAddress(event.request);
  if (address !== undefined) event.respondWith(serve(event.request, address));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const open = (event.notification.data as { href?: string } | null)?.href ?? '#/chats';
  const focus = async () => {
    const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    if (!page) return void (await self.clients.openWindow(`/${open}`));
    page.postMessage({ open });
    await page.focus();
  };
  event.waitUntil(focus());
});

export {};
