// Groups, days and the divider, on messages that differ only in author and time.
import { describe, expect, it } from 'vitest';
import { arrange } from './arrange';

const noon = new Date(2026, 10, 24, 12).getTime();
const said = (id: string, author: string, minutes: number, recalled = false) => ({
  id,
  author,
  time: noon + minutes * 60_000,
  recalled,
});
const ends = (places: ReturnType<typeof arrange>) => places.map((place) => (place.first ? '<' : '') + (place.last ? '>' : ''));

describe('groups', () => {
  it('joins one author within five minutes', () => {
    expect(ends(arrange([said('a', 'w', 0), said('b', 'w', 5), said('c', 'w', 7)], null))).toEqual(['<', '', '>']);
  });
  it('parts after more than five minutes, at another author, and around what was recalled', () => {
    expect(ends(arrange([said('a', 'w', 0), said('b', 'w', 5.1)], null))).toEqual(['<>', '<>']);
    expect(ends(arrange([said('a', 'w', 0), said('b', 'x', 1)], null))).toEqual(['<>', '<>']);
    expect(ends(arrange([said('a', 'w', 0), said('b', 'w', 1, true), said('c', 'w', 2)], null))).toEqual(['<>', '<>', '<>']);
  });
  it('parts at midnight and at the divider', () => {
    const night = arrange([said('a', 'w', 718), said('b', 'w', 721)], null);
    expect(ends(night)).toEqual(['<>', '<>']);
    expect(night.map((place) => place.day)).toEqual([true, true]);
    const unread = arrange([said('a', 'w', 0), said('b', 'w', 1), said('c', 'w', 2)], 'b');
    expect(ends(unread)).toEqual(['<>', '<', '>']);
    expect(unread.map((place) => place.unread)).toEqual([false, true, false]);
  });
});

it('marks a day once', () => {
  expect(arrange([said('a', 'w', 0), said('b', 'x', 60), said('c', 'w', 24 * 60)], null).map((place) => place.day)).toEqual([
    true,
    false,
    true,
  ]);
});
