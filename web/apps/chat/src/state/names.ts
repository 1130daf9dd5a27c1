// Finding and sorting names: by any part, by username, by pinyin (whole syllables or initials).
import { locale } from '@magpie/ui/text';
import { pinyinOf } from './pinyin';

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('en');

/** The username; with an `@` in the words the whole address, since most share one domain. */
const address = (jid: string, wanted: string) => plain(wanted.includes('@') ? jid : (jid.split('@')[0] ?? ''));

/** Whether `words` names this person: 小明, xiaoming, xm, wang@… */
export function matchesName(name: string, jid: string, words: string): boolean {
  const wanted = plain(words.trim());
  if (!wanted) return true;
  if (plain(name).includes(wanted) || address(jid, wanted).includes(wanted)) return true;
  const letters = pinyinLetters(wanted);
  const syllables = letters ? syllablesOf(name) : [];
  return syllables.some((_, from) => startsSyllables(syllables.slice(from), letters));
}

/** Whether it does so from the first character on: such hits come first. */
export function beginsName(name: string, jid: string, words: string): boolean {
  const wanted = plain(words.trim());
  if (plain(name).startsWith(wanted) || address(jid, wanted).startsWith(wanted)) return true;
  const letters = pinyinLetters(wanted);
  return letters !== '' && startsSyllables(syllablesOf(name), letters);
}

const pinyinLetters = (wanted: string) => (/^[a-zü' ]+$/.test(wanted) ? wanted.replace(/[' ]/g, '').replaceAll('ü', 'v') : '');
const syllablesOf = (name: string) => [...name].map((character) => pinyinOf(character) ?? plain(character));

/** Whether letters are a prefix of each syllable in turn: `xm`, `xiaom`, `xiaoming` for 小明. */
function startsSyllables(syllables: readonly string[], letters: string): boolean {
  if (!letters) return true;
  const [first, ...rest] = syllables;
  if (!first) return false;
  for (let length = Math.min(first.length, letters.length); length > 0; length--) {
    if (letters.startsWith(first.slice(0, length)) && startsSyllables(rest, letters.slice(length))) return true;
  }
  return false;
}

const collators = new Map<string, Intl.Collator>();

/** Sorts names as the interface's language does: by pinyin in Chinese. */
export function compareNames(one: string, other: string): number {
  let collator = collators.get(locale());
  if (!collator) collators.set(locale(), (collator = new Intl.Collator(locale(), { numeric: true, sensitivity: 'base' })));
  return collator.compare(one, other);
}

/** The letter a name is filed under: A to Z, else #. */
export function nameLetter(name: string): string {
  const character = [...name.trim()][0] ?? '';
  const letter = plain(pinyinOf(character) ?? character)
    .charAt(0)
    .toUpperCase();
  return /[A-Z]/.test(letter) ? letter : '#';
}
