// People are found by any part of a name, by username and by pinyin; lists sort by pinyin in Chinese.
import { setLocale } from '@magpie/ui/text';
import { beforeAll, expect, it, vi } from 'vitest';
import { compareNames, matchesName, nameLetter } from './names';
import { pinyinOf } from './pinyin';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  setLocale('zh-CN');
});

it.each([
  ['王', 'wang'],
  ['小', 'xiao'],
  ['明', 'ming'],
  ['陈', 'chen'],
  ['思', 'si'],
  ['远', 'yuan'],
  ['林', 'lin'],
  ['晓', 'xiao'],
  ['雨', 'yu'],
  ['绿', 'lv'],
  ['张', 'zhang'],
  ['赵', 'zhao'],
  ['阿', 'a'],
  ['做', 'zuo'],
  ['妈', 'ma'],
  ['鹊', 'que'],
  ['桥', 'qiao'],
])('%s is %s', (character, syllable) => expect(pinyinOf(character)).toBe(syllable));

it.each(['王', '小明', 'wang', 'wxm', 'xm', 'xiaom', 'wangxiaoming', 'wang xiao ming', 'WXM', 'ming', 'wangwei@', '@localhost'])(
  '%s finds 王小明',
  (words) => expect(matchesName('王小明', 'wangwei@localhost', words)).toBe(true),
);

it.each(['李', 'mx', 'wm', 'wangx ming z', 'carol', 'localhost'])('%s does not', (words) =>
  expect(matchesName('王小明', 'wangwei@localhost', words)).toBe(false),
);

it('finds Latin names without their accents', () => expect(matchesName('Émile Zola', 'ez@x', 'emile')).toBe(true));

it('sorts by pinyin and files by letter', () => {
  expect(['王小明', '陈思远', '阿强', '林晓雨'].sort(compareNames)).toEqual(['阿强', '陈思远', '林晓雨', '王小明']);
  expect(['王小明', 'émile', '🏔️', 'Bob'].map(nameLetter)).toEqual(['W', 'E', '#', 'B']);
});
