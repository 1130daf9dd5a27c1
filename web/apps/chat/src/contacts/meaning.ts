// What somebody typed to find a person may be: an invitation, an address, a username, or words for the directory. Nothing is done here.
import type { Invitations, Jid } from '@magpie/client';

export type Meaning =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'invitation'; readonly jid: Jid | null; readonly token: string | null; readonly account: boolean }
  | { readonly kind: 'words'; readonly jid: Jid | null };

/** RFC 7622's localpart, without what nobody types. */
const username = /^[^\s"&'/:<>@\u0000-\u0020]{1,64}$/u;
const domain = /^[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?(?::\d+)?$/u;
const wide = /\p{Script=Han}/u;

export function meaningOf(text: string, home: string, parse: Invitations['parse']): Meaning {
  const typed = text.trim();
  if (!typed) return { kind: 'nothing' };
  const invitation = parse(typed);
  if (invitation) {
    return { kind: 'invitation', jid: invitation.jid, token: invitation.token, account: invitation.kind === 'account' };
  }
  return { kind: 'words', jid: addressIn(typed, home) };
}

/** `name@domain`, or a lone username of the own server. Names in Han are names, not usernames. */
function addressIn(typed: string, home: string): Jid | null {
  const [name = '', host, ...more] = typed.split('@');
  if (more.length || !username.test(name)) return null;
  if (host === undefined) return wide.test(name) ? null : `${name.toLowerCase()}@${home}`;
  return domain.test(host) ? `${name}@${host}`.toLowerCase() : null;
}
