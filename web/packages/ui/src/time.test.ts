// Times as lists, separators and "last seen" say them, in both languages.
import { beforeEach, expect, it, vi } from 'vitest';
import { setLocale, type Locale } from './text';
import { ago, bytes, clock, dayLabel, listTime } from './time';

const at = (text: string) => new Date(text).getTime();
const now = at('2026-11-25T15:30:00');

vi.stubGlobal('document', { documentElement: {} });
beforeEach(() => setLocale('zh-CN'));

it.each([
  ['2026-11-25T08:05:00', '08:05', '08:05'],
  ['2026-11-25T00:00:00', '00:00', '00:00'],
  ['2026-11-24T23:59:00', '昨天', 'Yesterday'],
  ['2026-11-20T10:00:00', '周五', 'Fri'],
  ['2026-03-05T10:00:00', '3月5日', 'Mar 5'],
  ['2024-03-05T10:00:00', '2024/3/5', '3/5/2024'],
])('lists %s as %s, %s', (time, chinese, english) => {
  expect(listTime(at(time), now)).toBe(chinese);
  setLocale('en');
  expect(listTime(at(time), now)).toBe(english);
});

it.each([
  ['2026-11-25T00:10:00', '今天', 'Today'],
  ['2026-11-24T00:10:00', '昨天', 'Yesterday'],
  ['2026-03-05T10:00:00', '3月5日周四', 'Thu, March 5'],
  ['2024-03-05T10:00:00', '2024年3月5日', 'March 5, 2024'],
])('separates %s by %s, %s', (time, chinese, english) => {
  expect(dayLabel(at(time), now)).toBe(chinese);
  setLocale('en');
  expect(dayLabel(at(time), now)).toBe(english);
});

it.each([
  ['2026-11-25T15:29:40', '此刻', 'this minute'],
  ['2026-11-25T15:25:00', '5分钟前', '5 minutes ago'],
  ['2026-11-25T12:00:00', '3小时前', '3 hours ago'],
  ['2026-11-24T12:00:00', '昨天', 'yesterday'],
  ['2026-11-22T12:00:00', '3天前', '3 days ago'],
  ['2026-10-01T12:00:00', '10月1日', 'Oct 1'],
])('says %s was %s, %s', (time, chinese, english) => {
  expect(ago(at(time), now)).toBe(chinese);
  setLocale('en' satisfies Locale);
  expect(ago(at(time), now)).toBe(english);
});

it('counts days by the calendar, also over a change of daylight saving', () => {
  expect(listTime(at('2026-03-28T23:30:00'), at('2026-03-29T23:30:00'))).toBe('昨天');
  expect(clock(at('2026-11-25T00:05:00'))).toBe('00:05');
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 KB'],
  [1_284_000, '1.3 MB'],
  [5_000_000_000_000, '5,000 GB'],
])('%i bytes are %s', (count, text) => expect(bytes(count)).toBe(text));
