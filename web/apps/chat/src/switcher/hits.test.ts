// What the switcher finds, and in which order.
import type { Contact, Conversation } from '@magpie/client';
import { setLocale } from '@magpie/ui/text';
import { beforeAll, expect, it, vi } from 'vitest';
import { findHits, type Command } from './hits';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  setLocale('zh-CN');
});

const conversation = (jid: string, name: string): Conversation => ({
  jid,
  kind: 'person',
  name,
  unread: 0,
  pinned: false,
  muted: false,
  marked: false,
  draft: '',
  typing: false,
  last: null,
  time: 0,
});
const contact = (jid: string, name: string, remark: string | null = null): Contact => ({
  jid,
  name: remark ?? name,
  remark,
  tags: [],
  relation: 'mutual',
  blocked: false,
});
const command = (id: string, title: string, alias: string): Command => ({ kind: 'command', id, title, alias, run: () => {} });

const sources = {
  conversations: [
    conversation('kuaidi@x', '小王快递'),
    conversation('w1@x', '王小明'),
    conversation('bob@x', 'Bob Martin'),
  ],
  contacts: [contact('w1@x', '王小明'), contact('wangwei@x', '王伟'), contact('zl@x', '赵磊', '阿磊')],
  commands: [command('dark', '深色主题', 'dark theme'), command('add', '添加联系人', 'add contact')],
  nicknameOf: (jid: string) => (jid === 'zl@x' ? '赵磊' : null),
};
const found = (words: string) => {
  const { people, commands } = findHits(words, sources);
  return [...people.map(({ name }) => name), ...commands.map(({ id }) => id)];
};

it.each<[string, string[]]>([
  ['wang', ['王小明', '小王快递', '王伟']],
  ['王', ['王小明', '小王快递', '王伟']],
  ['wangwei', ['王伟']],
  ['xm', ['王小明']],
  ['bob', ['Bob Martin']],
  ['赵磊', ['阿磊']],
  ['al', ['阿磊']],
  ['dark', ['dark']],
  ['ss', ['dark']],
  ['tianjia', ['add']],
  ['nobody', []],
])('%s finds %j', (words, names) => expect(found(words)).toEqual(names));

it('shows recent chats and all commands before anything is typed', () =>
  expect(found(' ')).toEqual(['小王快递', '王小明', 'Bob Martin', 'dark', 'add']));
