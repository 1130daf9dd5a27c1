// Small judgements about a message's text: only emoji, an action (`/me`), and where searched words stand.

const emojiOnly = /^(?:\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*|\s)+$/u;
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many emoji a message consists of; 0: there is other text, or more than six. */
export function countEmoji(text: string): number {
  if (!text || text.length > 80 || !emojiOnly.test(text) || !/\p{Extended_Pictographic}|\p{RI}|\u20E3/u.test(text)) return 0;
  if (/^[\d#*\s]+$/.test(text)) return 0;
  const count = [...segments.segment(text)].filter(({ segment }) => segment.trim()).length;
  return count <= 6 ? count : 0;
}

/** What somebody does, of `/me does`; undefined: no action. */
export const actionOf = (text: string): string | undefined => /^\/me (\S[\s\S]*)$/.exec(text)?.[1];

export interface Marked {
  readonly text: string;
  readonly hit: boolean;
}

const folded = (text: string) => text.toLocaleLowerCase();

/** Cuts text where any of the words stands in it, in any case, inside words too: 行高 in an unbroken sentence. */
export function markWords(text: string, words: readonly string[]): Marked[] {
  const low = folded(text);
  // Letters that change their length in lower case would shift the places.
  if (low.length !== text.length || !words.length) return [{ text, hit: false }];
  const found: Marked[] = [];
  let from = 0;
  for (;;) {
    const next = words
      .map((word) => ({ at: low.indexOf(word, from), length: word.length }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at || b.length - a.length)[0];
    if (!next) break;
    if (next.at > from) found.push({ text: text.slice(from, next.at), hit: false });
    found.push({ text: text.slice(next.at, next.at + next.length), hit: true });
    from = next.at + next.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), hit: false });
  return found;
}

/** What is searched for, as `markWords` takes it. */
export const searchWords = (text: string): string[] => folded(text).split(/\s+/).filter(Boolean);
