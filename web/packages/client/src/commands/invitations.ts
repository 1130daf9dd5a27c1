// Invitations (0401): made by ad-hoc commands, looked up over HTTP.
import { ClientError } from '../api/base';
import type { Invitation, InvitationInfo } from '../api/contacts';
import { safeUrl } from '../base/url';
import { parseInvitation } from '../modules/invitations';
import type { Kit } from '../modules/all';
import { page, type Given } from '../stream/discovery';
import { x, type Element } from '../xml/element';

const COMMANDS = 'http://jabber.org/protocol/commands';
const DATA = 'jabber:x:data';

export async function make({ core }: Kit, name: 'invite' | 'create-account'): Promise<Invitation> {
  const node = `urn:xmpp:invite#${name}`;
  const run = async (attrs: Record<string, string>, ...inside: Element[]): Promise<Element | undefined> =>
    (await core.set(x('command', { xmlns: COMMANDS, node, ...attrs }, ...inside), core.domain)).child('command', COMMANDS);
  let command = await run({ action: 'execute' });
  // A form that needs nothing: the invited one chooses the name.
  if (command?.attr('status') === 'executing') {
    command = await run({ action: 'complete', sessionid: command.attr('sessionid') }, x('x', { xmlns: DATA, type: 'submit' }));
  }
  const fields = command?.child('x', DATA)?.all('field') ?? [];
  const value = (field: string): string => fields.find((f) => f.attr('var') === field)?.textOf('value') ?? '';
  return invitation(value('uri'), value('landing-url'), Date.parse(value('expire')) || null);
}

function invitation(uri: string, link: string, expires: number | null): Invitation {
  const token = parseInvitation(uri)?.token;
  if (!token) throw new ClientError('incompatible', 'an invitation without a token');
  return { uri, link: safeUrl(link) ? link : '', token, expires };
}

export async function look(options: Given, token: string): Promise<InvitationInfo> {
  const response = await fetch(`${findHttp(options)}/api/invite/${encodeURIComponent(token)}`).catch(() => null);
  if (!response) throw new ClientError('unreachable');
  const info = response.ok ? ((await response.json().catch(() => null)) as Record<string, unknown> | null) : null;
  if (!info) throw new ClientError(response.status === 404 ? 'invitation-invalid' : response.status === 429 ? 'rate-limited' : 'server-error');
  const text = (name: string): string | null => (typeof info[name] === 'string' && info[name] ? (info[name] as string) : null);
  const expires = typeof info['expires'] === 'number' ? info['expires'] * 1000 : Date.parse(text('expires') ?? '') || null;
  return { valid: info['valid'] === true, kind: info['kind'] === 'account' ? 'account' : 'contact', inviter: text('inviter'), inviterName: text('inviterName'), expires };
}

/** Where `/api` is. */
function findHttp({ http, websocket }: Given): string {
  if (http) return http.replace(/\/$/, '');
  if (websocket) return new URL(websocket.replace(/^ws/, 'http')).origin;
  return page()?.origin ?? '';
}
