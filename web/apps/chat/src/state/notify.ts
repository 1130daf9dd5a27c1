// Tells of new messages while nobody looks: a desktop notification where it is allowed, and a short sound.
import type { Client, Message } from '@magpie/client';
import { toast } from '@magpie/ui';
import { onCleanup } from 'solid-js';
import { href, navigate, route, toChat, type Route } from '../router';
import { t } from '../text';
import { preferences } from './preferences';
import { chime } from './sound';

/** One line for a notification. */
function preview(message: Message): string {
  if (message.body) return message.body;
  const kind = message.files[0]?.type.split('/')[0];
  return kind === 'image'
    ? t('imageWord')
    : kind === 'video'
      ? t('videoWord')
      : kind === 'audio'
        ? t('audioWord')
        : message.files.length
          ? t('fileWord')
          : t('newMessage');
}

async function show(title: string, body: string, tag: string, to: Route): Promise<void> {
  if (!preferences.notifications || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const options = { body, tag, icon: '/icons/icon-192.png', badge: '/icons/badge-96.png', data: { href: href(to) } };
  // Phones only know notifications of the service worker; it brings the click back.
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker?.active) return worker.showNotification(title, options);
  const shown = new Notification(title, options);
  shown.onclick = () => {
    window.focus();
    navigate(to);
    shown.close();
  };
}

const looking = (jid: string) => {
  const at = route();
  return document.visibilityState === 'visible' && document.hasFocus() && at.tab === 'chats' && at.jid === jid;
};

/** For the life of the shell. */
export function startNotifications(client: Client): void {
  const stops = [
    client.on('message', ({ conversation, message, muted, leads }) => {
      if (muted || !leads || looking(conversation)) return;
      if (preferences.sound) void chime().catch(() => undefined);
      const name = client.conversations.get(conversation)?.name ?? conversation;
      const title = preferences.notificationText ? name : t('newMessage');
      if (!document.hasFocus())
        void show(title, preferences.notificationText ? preview(message) : '', conversation, toChat(conversation));
    }),
    client.on('request', ({ request, leads }) => {
      if (!leads) return;
      const to: Route = { tab: 'contacts', jid: null, view: 'requests' };
      if (document.hasFocus())
        toast(t('wantsContact', request.name), { action: { label: t('contacts'), run: () => navigate(to) } });
      else void show(t('wantsContact', request.name), request.message, request.jid, to);
    }),
    client.on('accepted', ({ jid }) =>
      toast(t('accepted', client.contacts.get(jid)?.name ?? jid), {
        action: { label: t('chats'), run: () => navigate(toChat(jid)) },
      }),
    ),
  ];
  const clicked = (event: MessageEvent<{ open?: unknown }>) => {
    if (typeof event.data.open === 'string' && event.data.open.startsWith('#/')) location.hash = event.data.open;
  };
  navigator.serviceWorker?.addEventListener('message', clicked);
  onCleanup(() => {
    stops.forEach((stop) => stop());
    navigator.serviceWorker?.removeEventListener('message', clicked);
  });
}

/** Asks the browser; true when notifications may be shown. Only by a click. */
export async function askForNotifications(): Promise<boolean> {
  return 'Notification' in globalThis && (await Notification.requestPermission()) === 'granted';
}
