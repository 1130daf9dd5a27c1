// Whom the filter field finds, and who comes first.
import type { Contact, Conversation } from '@magpie/client';
import { setLocale } from '@magpie/ui/text';
import { beforeAll, expect, it, vi } from 'vitest';
import { findPeople } from './filter';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  setLocale('zh-CN');
});

const talk = (jid: string, name: string) => ({ jid, name }) as Conversation;
const contact = (jid: string, name: string) => ({ jid, name }) as Contact;
const conversations = [talk('kd@x', '小王快递'), talk('w1@x', '王小明'), talk('b@x', 'Bob Martin')];
const contacts = [contact('w1@x', '王小明'), contact('zl@x', '阿磊'), contact('ww@x', '王伟'), contact('wa@x', '汪安')];
const names = (words: string) => {
  const { conversations: talked, people } = findPeople(words, conversations, contacts, (jid) => (jid === 'zl@x' ? '赵磊' : null));
  return [talked.map(({ name }) => name), people.map(({ name }) => name)];
};

it('finds by name, username, pinyin and initials', () => {
  expect(names('小明')).toEqual([['王小明'], []]);
  expect(names('w1@')).toEqual([['王小明'], []]);
  expect(names('xiaoming')).toEqual([['王小明'], []]);
  expect(names('wxm')).toEqual([['王小明'], []]);
  expect(names('mart')).toEqual([['Bob Martin'], []]);
});

it('puts names that begin so first, contacts by pinyin, and nobody twice', () =>
  expect(names('wang')).toEqual([
    ['王小明', '小王快递'],
    ['汪安', '王伟'],
  ]));

it('finds the nickname behind a remark', () => expect(names('赵磊')).toEqual([[], ['阿磊']]));

it('finds nobody where there is nobody', () => expect(names('zzz')).toEqual([[], []]));
