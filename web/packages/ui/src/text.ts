// The interface's language, and flat typed dictionaries: Chinese is written first and gives the keys, English must have the same.
import { createSignal } from 'solid-js';

export const locales = ['zh-CN', 'en'] as const;
export type Locale = (typeof locales)[number];

/** The language a person's browser asks for first among ours: any Chinese is zh-CN, everything else English. */
export function preferredLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

const [locale, writeLocale] = createSignal<Locale>('zh-CN');
export { locale };

/** Switches every text on the page and `lang`, by which browsers choose Chinese glyphs. */
export function setLocale(next: Locale): void {
  writeLocale(next);
  document.documentElement.lang = next;
}

type Messages = Readonly<Record<string, string | ((...values: never[]) => string)>>;
type Values<Message> = Message extends (...values: infer V) => string ? V : [];
export type Translation<D> = {
  readonly [K in keyof D]: D[K] extends (...values: infer V) => string ? (...values: V) => string : string;
};

/** Makes `t(key, …values)` for a folder's texts. A key that English lacks, has in excess or takes other values for is a type error. */
export function dictionary<D extends Messages>(chinese: D, english: Translation<D>) {
  const texts = { 'zh-CN': chinese, en: english } as unknown as Record<
    Locale,
    Record<keyof D, string | ((...values: unknown[]) => string)>
  >;
  return <K extends keyof D>(key: K, ...values: Values<D[K]>): string => {
    const message = texts[locale()][key];
    return typeof message === 'function' ? message(...values) : message;
  };
}

/** `zh-CN` for text with Han and no kana, so that Chinese in an English interface gets its own glyphs; else undefined. */
export function languageOf(text: string): 'zh-CN' | undefined {
  return /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? 'zh-CN' : undefined;
}
