// The order of contacts: pinyin and Latin letters in one alphabet, everything else at the end.
import type { Contact } from '@magpie/client';
import { setLocale } from '@magpie/ui/text';
import { beforeEach, expect, it, vi } from 'vitest';
import { sectioned } from './sections';

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: {} });
  setLocale('zh-CN');
});

const contact = (name: string): Contact => ({
  jid: `${name}@localhost`,
  name,
  remark: null,
  tags: [],
  relation: 'mutual',
  blocked: false,
});
const order = (...names: string[]) =>
  sectioned(names.map(contact)).map((entry) => (entry.kind === 'letter' ? entry.letter : entry.contact.name));

it('files Chinese by pinyin among Latin names', () =>
  expect(order('王小明', 'Bob', '陈思远', '阿强', 'alice', '林晓雨', '妈妈')).toEqual([
    ...['A', '阿强', 'alice'],
    ...['B', 'Bob'],
    ...['C', '陈思远'],
    ...['L', '林晓雨'],
    ...['M', '妈妈'],
    ...['W', '王小明'],
  ]));

it('does the same in the English interface', () => {
  setLocale('en');
  expect(order('王小明', 'Bob', '陈思远')).toEqual(['B', 'Bob', 'C', '陈思远', 'W', '王小明']);
});

it('puts what has no letter at the end', () => expect(order('🏔️', '123', 'Zoe')).toEqual(['Z', 'Zoe', '#', '🏔️', '123']));

it('is empty without contacts', () => expect(sectioned([])).toEqual([]));
