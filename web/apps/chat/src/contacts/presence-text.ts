// Presence in words: what somebody says of themselves, else whether they are there, else when they were.
import type { Presence } from '@magpie/client';
import { ago } from '@magpie/ui/time';
import { t } from './text';

export function presenceText(presence: Presence, now = Date.now()): string {
  if (presence.text && presence.status !== 'offline') return presence.text;
  if (presence.status !== 'offline') return t(presence.status);
  if (presence.lastSeen === null) return t('offline');
  return now - presence.lastSeen < 60_000 ? t('seenNow') : t('seen', ago(presence.lastSeen, now));
}
