// The devices that may use the account (0494).
import type { Device } from '../api/contacts';
import type { Kit } from '../modules/all';
import { x, type Element } from '../xml/element';

const CLIENTS = 'urn:xmpp:cam:0';

export async function list({ core }: Kit): Promise<readonly Device[]> {
  const answer = await core.get(x('list', { xmlns: CLIENTS }));
  return answer.child('clients', CLIENTS)?.all('client').map(device) ?? [];
}

export async function revoke({ core }: Kit, id: string): Promise<void> {
  // One that knows the password comes back until that is changed (§3.2).
  await core.set(x('revoke', { xmlns: CLIENTS, id }), undefined, { 'service-unavailable': 'not-allowed' });
}

function device(client: Element): Device {
  const agent = client.child('user-agent');
  const time = (name: string): number | null => Date.parse(client.textOf(name)) || null;
  const is = (name: string): boolean => /^(true|1)$/.test(client.attr(name));
  return {
    id: client.attr('id'), name: agent?.textOf('device') ?? '', software: agent?.textOf('software') ?? '',
    current: is('current'), online: is('connected'), firstSeen: time('first-seen'), lastSeen: time('last-seen'),
  };
}
