// What typed text may be, and what it must never become.
import { expect, it } from 'vitest';
import { meaningOf } from './meaning';

const parse = (text: string) =>
  text.startsWith('https://x/invite/') ? { jid: null, token: text.slice(17), kind: 'contact' as const } : null;
const jid = (text: string) => {
  const meaning = meaningOf(text, 'localhost', parse);
  return meaning.kind === 'words' ? meaning.jid : meaning.kind;
};

it.each([
  ['', 'nothing'],
  ['  ', 'nothing'],
  ['wang', 'wang@localhost'],
  [' Wang ', 'wang@localhost'],
  ['wang@example.org', 'wang@example.org'],
  ['Wang@Example.ORG', 'wang@example.org'],
  ['王小明', null],
  ['王小明@example.org', '王小明@example.org'],
  ['Bob Martin', null],
  ['a@b@c', null],
  ['a@', null],
  ['a@-x', null],
  ['<img src=x>', null],
  ['javascript:alert(1)', null],
  ['wang@localhost/phone', null],
])('%j is %j', (text, expected) => expect(jid(text)).toBe(expected));

it('knows an invitation', () =>
  expect(meaningOf(' https://x/invite/abc ', 'localhost', parse)).toEqual({
    kind: 'invitation',
    jid: null,
    token: 'abc',
    account: false,
  }));
