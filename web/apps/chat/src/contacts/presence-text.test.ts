// Presence in words, in both languages.
import type { Presence } from '@magpie/client';
import { setLocale, type Locale } from '@magpie/ui/text';
import { beforeAll, expect, it, vi } from 'vitest';
import { presenceText } from './presence-text';

beforeAll(() => vi.stubGlobal('document', { documentElement: {} }));

const now = new Date(2026, 10, 24, 12, 0).getTime();
const minutes = 60_000;

it.each<[Locale, Partial<Presence>, string]>([
  ['zh-CN', { status: 'online' }, '在线'],
  ['zh-CN', { status: 'busy', text: '开会中' }, '开会中'],
  ['zh-CN', { status: 'offline', text: '开会中' }, '离线'],
  ['zh-CN', { status: 'offline', lastSeen: now - 20_000 }, '刚刚在线'],
  ['zh-CN', { status: 'offline', lastSeen: now - 5 * minutes }, '5分钟前在线'],
  ['zh-CN', { status: 'offline', lastSeen: now - 24 * 60 * minutes }, '昨天在线'],
  ['en', { status: 'away' }, 'away'],
  ['en', { status: 'offline', lastSeen: now - 120 * minutes }, 'last seen 2 hours ago'],
])('%s %j is %s', (locale, part, text) => {
  setLocale(locale);
  expect(presenceText({ status: 'offline', text: '', lastSeen: null, ...part }, now)).toBe(text);
});
