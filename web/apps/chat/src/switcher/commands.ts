// The commands of Ctrl+K: places to go, and settings that take one press.
import type { Client } from '@magpie/client';
import { locale } from '@magpie/ui';
import { markRead } from '../conversations/mark-read';
import { navigate, settingsSections, type Route } from '../router';
import { setPreference } from '../state/preferences';
import type { Command } from './hits';
import { t } from './text';

const people = (view: 'add' | 'invite' | 'requests' | null): Route => ({ tab: 'contacts', jid: null, view });

export function commandsOf(client: Client): readonly Command[] {
  const command = (id: string, title: string, alias: string, run: () => void): Command => ({
    kind: 'command',
    id,
    title,
    alias,
    run,
  });
  const place = (id: string, title: string, alias: string, to: Route) => command(id, title, alias, () => navigate(to));
  const unread = client.conversations.list.get().filter((one) => one.unread > 0 || one.marked);
  return [
    place('add', t('addContact'), 'add contact friend', people('add')),
    place('code', t('myCode'), 'qr code invite link', people('invite')),
    place('requests', t('requests'), 'requests new contacts', people('requests')),
    ...(unread.length
      ? [command('read', t('readAll'), 'mark all as read', () => unread.forEach((one) => void markRead(client, one)))]
      : []),
    place('contacts', t('contacts'), 'contacts people', people(null)),
    command('dark', t('dark'), 'dark theme night', () => setPreference('theme', 'dark')),
    command('light', t('light'), 'light theme day', () => setPreference('theme', 'light')),
    command('system', t('system'), 'system theme auto', () => setPreference('theme', 'system')),
    command('language', t('language'), 'language english chinese 中文', () =>
      setPreference('locale', locale() === 'en' ? 'zh-CN' : 'en'),
    ),
    ...settingsSections.map((section) => place(section, t(section), `settings ${section}`, { tab: 'settings', section })),
  ];
}
