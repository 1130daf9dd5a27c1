// Changing what others may see.
import type { PrivacySettings } from '../api/contacts';
import type { Kit } from '../modules/all';
import { ClientError } from '../api/base';
import * as NS from '../base/ns';
import type { Core } from '../state/core';
import { x } from '../xml/element';

export async function set({ core }: Kit, { lastSeen, readReceipts, searchable }: Partial<PrivacySettings>): Promise<void> {
  const flag = (on: boolean | undefined): string | undefined => (on === undefined ? undefined : on ? '1' : '0');
  const attrs = { 'last-seen': lastSeen, 'read-receipts': flag(readReceipts), searchable: flag(searchable) };
  await core.set(x('privacy', { xmlns: 'urn:magpie:privacy:0', ...attrs }), core.me);
  await ask(core);
}

/** Reads what the server keeps to now, for every tab. */
export async function ask(core: Core): Promise<void> {
  const answer = await core.get(x('privacy', { xmlns: NS.ownPrivacy }), core.me);
  const privacy = answer.child('privacy', NS.ownPrivacy);
  if (!privacy) throw new ClientError('incompatible');
  const lastSeen = privacy.attr('last-seen');
  const settings: PrivacySettings = {
    lastSeen: lastSeen === 'nobody' ? lastSeen : 'contacts',
    readReceipts: privacy.attr('read-receipts') !== '0',
    searchable: privacy.attr('searchable') === '1',
  };
  await core.shared.write([['settings', 'privacy', settings]]);
}
