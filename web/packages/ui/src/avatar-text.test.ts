// Initials by script, colours by address.
import { expect, it } from 'vitest';
import { avatarGround, initials } from './avatar-text';

it.each([
  ['王小明', '小明'],
  ['林晓雨', '晓雨'],
  ['妈妈', '妈'],
  ['欧阳娜娜', '娜娜'],
  ['前端小组 Frontend', '小组'],
  ['Bob Martin', 'BM'],
  ['alice', 'A'],
  ['rust-weekly', 'RW'],
  ['Emma van Dyk', 'ED'],
  ['🏔️', '#'],
  ['', '#'],
  ['𠮷野家', '野家'],
  ['  émile', 'É'],
])('%s becomes %s', (name, text) => expect(initials(name)).toBe(text));

it('gives an address one colour', () => {
  expect(avatarGround('wang@localhost')).toBe(avatarGround('wang@localhost'));
  expect(new Set(['a@x', 'b@x', 'c@x', 'd@x', 'e@x', 'f@x'].map(avatarGround)).size).toBeGreaterThan(2);
});
