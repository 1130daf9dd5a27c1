// Takes invitation links apart (0379): `https://…/invite/TOKEN` and `xmpp:name@domain?roster;preauth=TOKEN;ibr=y`.
import type { Invitations } from '../api/contacts';
import { bareOf } from '../base/jid';
import { safeUrl } from '../base/url';

export const parseInvitation: Invitations['parse'] = (text) => {
  const trimmed = text.trim();
  const match = /^xmpp:(?:\/\/)?([^?#]+)(?:\?([^#]*))?/i.exec(trimmed);
  if (!match) {
    const token = safeUrl(trimmed) && /\/invite\/([\w-]+)\/?$/.exec(new URL(trimmed).pathname)?.[1];
    return token ? { jid: null, token, kind: 'contact' } : null;
  }
  try {
    const [action = '', ...pairs] = (match[2] ?? '').split(';');
    const preauth = pairs.find((pair) => pair.startsWith('preauth='))?.slice(8);
    const jid = bareOf(decodeURIComponent(match[1]!));
    return { jid: jid.includes('@') ? jid : null, token: preauth ? decodeURIComponent(preauth) : null, kind: action === 'register' ? 'account' : 'contact' };
  } catch {
    return null; // Not percent-encoded as it should be.
  }
};
