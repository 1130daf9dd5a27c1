// Addresses: taking them apart and making them comparable.
import { ClientError } from '../api/base';

export const bareOf = (jid: string): string => {
  const slash = jid.indexOf('/');
  return fold(slash < 0 ? jid : jid.slice(0, slash));
};

export const resourceOf = (jid: string): string => {
  const slash = jid.indexOf('/');
  return slash < 0 ? '' : jid.slice(slash + 1);
};

export const localOf = (jid: string): string => {
  const at = bareOf(jid).indexOf('@');
  return at < 0 ? '' : bareOf(jid).slice(0, at);
};

export const domainOf = (jid: string): string => bareOf(jid).slice(bareOf(jid).indexOf('@') + 1);

/** A bare address has no case; the server's own form is the same for all that people type. */
const fold = (bare: string): string => bare.normalize('NFC').toLowerCase();

/** An account's address from what a person typed: a name, or a whole address. Throws `name-invalid`. */
export function accountJid(typed: string, domain: string): string {
  const text = typed.trim().replace(/^xmpp:/i, '');
  const jid = bareOf(text.includes('@') ? text : `${text}@${domain}`);
  // RFC 7622 §3.3: these may not be in a name, nor may white space or control characters.
  if (!/^[^\s"&'/:<>@\p{Cc}]{1,1023}@[^\s"&'/:<>@\p{Cc}]{1,1023}$/u.test(jid)) throw new ClientError('name-invalid');
  return jid;
}
