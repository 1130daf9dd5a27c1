// Emoji with their names in Chinese and English, from our own origin. Loaded once, when a picker opens.
import chineseUrl from 'emoji-picker-element-data/zh/cldr/data.json?url';
import englishUrl from 'emoji-picker-element-data/en/cldr/data.json?url';
import { locale } from '@magpie/ui/text';

interface Raw {
  readonly emoji: string;
  readonly annotation: string;
  readonly tags?: readonly string[];
  readonly shortcodes?: readonly string[];
  readonly group: number;
  readonly order: number;
  readonly version: number;
}

export interface Emoji {
  readonly emoji: string;
  readonly group: number;
  readonly names: { readonly 'zh-CN': string; readonly en: string };
  /** Everything it is found by, in lower case. */
  readonly words: string;
}

/** As drawn by systems of the last years; newer ones would be empty boxes. */
const newest = 15;
/** Skin tones and hair as pieces of their own. */
const components = 2;

async function load(url: string): Promise<readonly Raw[]> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`emoji data: ${answer.status}`);
  return (await answer.json()) as readonly Raw[];
}

export function joinEmoji(chinese: readonly Raw[], english: readonly Raw[]): readonly Emoji[] {
  const named = new Map(chinese.map((one) => [one.emoji, one]));
  return english
    .filter((one) => one.version <= newest && one.group !== components)
    .sort((one, other) => one.group - other.group || one.order - other.order)
    .map((one) => {
      const zh = named.get(one.emoji);
      const words = [one, zh].flatMap((each) => (each ? [each.annotation, ...(each.tags ?? []), ...(each.shortcodes ?? [])] : []));
      return {
        emoji: one.emoji,
        group: one.group,
        names: { 'zh-CN': zh?.annotation ?? one.annotation, en: one.annotation },
        words: words.join(' ').toLowerCase(),
      };
    });
}

let loading: Promise<readonly Emoji[]> | undefined;

export function emojiData(): Promise<readonly Emoji[]> {
  loading ??= Promise.all([load(chineseUrl), load(englishUrl)]).then((both) => joinEmoji(...both)).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

export const nameOf = (emoji: Emoji): string => emoji.names[locale()];

/** Every word must stand somewhere in its names, in either language; those that have it as a name of its own come first: 开心 before 不开心. */
export function findEmoji(all: readonly Emoji[], query: string): readonly Emoji[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const own = (one: Emoji) => words.filter((word) => ` ${one.words} `.includes(` ${word} `)).length;
  const found = all.filter((one) => words.every((word) => one.words.includes(word)));
  return found.sort((one, other) => own(other) - own(one));
}

const key = 'magpie.emoji';
const most = 27;

export function recentEmoji(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  try {
    localStorage.setItem(key, JSON.stringify([emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, most)));
  } catch {
    /* storage forbidden: nothing is remembered */
  }
}
