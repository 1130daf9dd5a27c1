// Languages: which one is chosen, dictionaries that cannot be incomplete, `lang` for Chinese in an English interface.
import { expect, it, vi } from 'vitest';
import { dictionary, languageOf, preferredLocale, setLocale } from './text';

vi.stubGlobal('document', { documentElement: {} });

const t = dictionary(
  { hello: '你好', unread: (count: number) => `${count} 条` },
  { hello: 'Hello', unread: (count) => `${count} unread` },
);

// @ts-expect-error: a key that English lacks is a type error
dictionary({ hello: '你好', bye: '再见' }, { hello: 'Hello' });
// @ts-expect-error: so is one that only English has
dictionary({ hello: '你好' }, { hello: 'Hello', bye: 'Bye' });
// @ts-expect-error: and a text in place of one with values
dictionary({ unread: (count: number) => `${count} 条` }, { unread: 'unread' });
// @ts-expect-error: and a missing value
const forgotten = () => t('unread');

it('answers in the language that is set', () => {
  setLocale('en');
  expect([t('hello'), t('unread', 3)]).toEqual(['Hello', '3 unread']);
  setLocale('zh-CN');
  expect([t('hello'), t('unread', 3), document.documentElement.lang]).toEqual(['你好', '3 条', 'zh-CN']);
  expect(forgotten).toBeTypeOf('function');
});

it.each([
  [['zh-TW', 'en'], 'zh-CN'],
  [['zh'], 'zh-CN'],
  [['de', 'en-GB', 'zh'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('%j asks for %s', (wanted, locale) => expect(preferredLocale(wanted)).toBe(locale));

it('marks Chinese, not Japanese or English', () => {
  expect(['明天见 OK', 'see you', '明日はね', ''].map(languageOf)).toEqual(['zh-CN', undefined, undefined, undefined]);
});
