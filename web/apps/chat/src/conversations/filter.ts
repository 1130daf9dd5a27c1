// Which conversations and contacts the filter field finds: by name, remark, username, pinyin and initials. Best hits first.
import type { Contact, Conversation } from '@magpie/client';
import { beginsName, compareNames, matchesName } from '../state/names';

export interface Found {
  readonly conversations: readonly Conversation[];
  /** Contacts there is no conversation with. */
  readonly people: readonly Contact[];
}

const most = 50;

/** Names that begin with the words come first; otherwise the given order stands. */
function ranked<T extends { readonly jid: string; readonly name: string }>(found: readonly T[], words: string): readonly T[] {
  const [first, rest] = [[] as T[], [] as T[]];
  for (const one of found) (beginsName(one.name, one.jid, words) ? first : rest).push(one);
  return [...first, ...rest].slice(0, most);
}

export function findPeople(
  words: string,
  conversations: readonly Conversation[],
  contacts: readonly Contact[],
  nicknameOf: (jid: string) => string | null = () => null,
): Found {
  const wanted = words.trim();
  // A remark hides the nickname; people remember either.
  const matches = ({ jid, name }: { readonly jid: string; readonly name: string }) =>
    matchesName(name, jid, wanted) || matchesName(nicknameOf(jid) ?? '', '', wanted);
  const talked = new Set(conversations.map(({ jid }) => jid));
  return {
    conversations: ranked(conversations.filter(matches), wanted),
    people: ranked(
      contacts.filter((contact) => !talked.has(contact.jid) && matches(contact)).sort((a, b) => compareNames(a.name, b.name)),
      wanted,
    ),
  };
}
