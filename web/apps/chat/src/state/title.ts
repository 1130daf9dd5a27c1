// The window's title and the app's badge carry the unread count.
import type { Client } from '@magpie/client';
import { createEffect, onCleanup } from 'solid-js';
import { branding } from './branding';
import { fromStore } from './signal';

/** For the life of the shell. */
export function followTitle(client: Client): void {
  const unread = fromStore(client.conversations.unread);
  createEffect(() => {
    const count = unread();
    document.title = count > 0 ? `(${count > 99 ? '99+' : count}) ${branding().name}` : branding().name;
    const badge = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
    badge?.catch(() => undefined);
  });
  onCleanup(() => {
    document.title = branding().name;
  });
}
