// The contact list's order: by pinyin or letter, under headings A to Z and # at the end.
import type { Contact } from '@magpie/client';
import { compareNames, nameLetter } from '../state/names';

export type Entry =
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'contact'; readonly contact: Contact };

const last = '#';
const compareLetters = (one: string, other: string) =>
  one === other ? 0 : one === last ? 1 : other === last ? -1 : one < other ? -1 : 1;

/** One flat list of headings and people, as a virtual list wants it. */
export function sectioned(contacts: readonly Contact[]): readonly Entry[] {
  const sorted = contacts
    .map((contact) => ({ contact, letter: nameLetter(contact.name) }))
    .sort((a, b) => compareLetters(a.letter, b.letter) || compareNames(a.contact.name, b.contact.name));
  const entries: Entry[] = [];
  let before = '';
  for (const { contact, letter } of sorted) {
    if (letter !== before) entries.push({ kind: 'letter', letter });
    before = letter;
    entries.push({ kind: 'contact', contact });
  }
  return entries;
}
