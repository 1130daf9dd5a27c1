// Emoji by their names in both languages, from the data that is shipped.
import chinese from 'emoji-picker-element-data/zh/cldr/data.json?raw';
import english from 'emoji-picker-element-data/en/cldr/data.json?raw';
import { expect, it } from 'vitest';
import { findEmoji, joinEmoji } from './emoji-data';

const data = (text: string) => JSON.parse(text) as never;
const all = joinEmoji(data(chinese), data(english));
const found = (words: string) => findEmoji(all, words).map((one) => one.emoji);

it('finds in Chinese, in English, and by several words', () => {
  expect(found('笑')).toContain('😄');
  expect(found('smil')).toContain('😄');
  expect(found('red heart')).toContain('❤️');
  expect(found('开心').indexOf('😄')).toBeLessThan(found('开心').indexOf('🙁'));
  expect(found('没有这种表情')).toEqual([]);
});

it('has no skin tones as pieces and names everything', () => {
  expect(all.length).toBeGreaterThan(1500);
  expect(all.some((one) => one.emoji === '🏽')).toBe(false);
  expect(all.every((one) => one.names.en && one.names['zh-CN'])).toBe(true);
});
