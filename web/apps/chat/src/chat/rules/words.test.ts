// Emoji-only messages, actions, and marks of a search.
import { expect, it } from 'vitest';
import { actionOf, countEmoji, markWords, searchWords } from './words';

it.each([
  ['😂😂', 2],
  ['👨‍👩‍👧', 1],
  ['🇨🇳', 1],
  ['👍🏽 ❤️', 2],
  ['1', 0],
  ['123', 0],
  ['好😂', 0],
  ['', 0],
  ['😂'.repeat(7), 0],
])('counts %s', (text, count) => expect(countEmoji(text)).toBe(count));

it('knows an action', () => {
  expect(actionOf('/me 在写代码')).toBe('在写代码');
  expect(actionOf('/menu')).toBeUndefined();
  expect(actionOf(' /me x')).toBeUndefined();
});

const hits = (text: string, words: string) =>
  markWords(text, searchWords(words))
    .filter((part) => part.hit)
    .map((part) => part.text);

it('marks inside an unbroken sentence, in any case, every time', () => {
  expect(hits('中文的行高也要单独调，行高', '行高')).toEqual(['行高', '行高']);
  expect(hits('Release notes and RELEASE', 'release')).toEqual(['Release', 'RELEASE']);
  expect(hits('abc', '')).toEqual([]);
  const text = 'a行高b';
  expect(
    markWords(text, ['行高'])
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
});
