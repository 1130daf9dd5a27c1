// What a row says of its conversation, and in which order of importance.
import type { Conversation, Preview } from '@magpie/client';
import { setLocale } from '@magpie/ui/text';
import { beforeAll, expect, it, vi } from 'vitest';
import { previewLine } from './preview-line';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  setLocale('zh-CN');
});

const last = (part: Partial<Preview>): Preview => ({ id: '1', mine: false, kind: 'text', text: '', state: 'read', ...part });
const conversation = (part: Partial<Conversation>): Conversation => ({
  jid: 'wang@localhost',
  kind: 'person',
  name: '王小明',
  unread: 0,
  pinned: false,
  muted: false,
  marked: false,
  draft: '',
  typing: false,
  last: last({ text: '好，谢谢！' }),
  time: 0,
  ...part,
});

it('puts typing before a draft, and a draft before the message', () => {
  expect(previewLine(conversation({ typing: true, draft: '周末' }))).toMatchObject({ kind: 'typing', text: '正在输入…' });
  expect(previewLine(conversation({ draft: ' 周末\n一起？ ' }))).toMatchObject({ kind: 'draft', lead: '[草稿]', text: '周末 一起？' });
  expect(previewLine(conversation({}))).toMatchObject({ kind: 'message', lead: '', text: '好，谢谢！' });
});

it('shows the message, not the draft, of the open conversation', () =>
  expect(previewLine(conversation({ draft: '周末' }), true).text).toBe('好，谢谢！'));

it.each<[Partial<Preview>, string, string | null]>([
  [{ text: 'one\n\n  two' }, 'one two', null],
  [{ kind: 'recalled', mine: true }, '你撤回了一条消息', null],
  [{ kind: 'recalled' }, '对方撤回了一条消息', null],
  [{ kind: 'encrypted', text: 'secret' }, '[加密消息]', null],
  [{ kind: 'image', text: 'IMG_2041.jpeg' }, '[图片]', 'image'],
  [{ kind: 'image', text: '湖边日落.png' }, '[图片]', 'image'],
  [{ kind: 'image', text: '上次拍的，看 a.png' }, '上次拍的，看 a.png', 'image'],
  [{ kind: 'video', text: '' }, '[视频]', 'video'],
  [{ kind: 'audio', text: 'voice.ogg' }, '[语音]', 'audio'],
  [{ kind: 'file', text: '季度报告.pdf' }, '季度报告.pdf', 'file'],
  [{ kind: 'file', text: '' }, '[文件]', 'file'],
])('%j reads %s', (part, text, media) => expect(previewLine(conversation({ last: last(part) }))).toMatchObject({ text, media }));

it('says when there is no message yet', () => expect(previewLine(conversation({ last: null })).text).toBe('还没有消息'));
