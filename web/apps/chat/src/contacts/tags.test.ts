// Tags as typed.
import { expect, it } from 'vitest';
import { splitTags, toggleTag } from './tags';

it.each<[string, string[]]>([
  ['', []],
  [' ,，', []],
  ['家人', ['家人']],
  ['家人，前端小组', ['家人', '前端小组']],
  ['a, b、c；a', ['a', 'b', 'c']],
])('%j is %j', (text, tags) => expect(splitTags(text)).toEqual(tags));

it('adds and takes away', () => {
  expect(toggleTag('', '家人')).toBe('家人');
  expect(toggleTag('家人', '同学')).toBe('家人, 同学');
  expect(toggleTag('家人，同学', '家人')).toBe('同学');
});
