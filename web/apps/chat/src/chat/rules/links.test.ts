// What becomes a link, what stays text, and that nothing is lost between them.
import { describe, expect, it } from 'vitest';
import { findLinks, type Link } from './links';

const links = (text: string) => findLinks(text).filter((piece): piece is Link => typeof piece !== 'string');
const addresses = (text: string) => links(text).map((link) => link.href);

describe('web addresses', () => {
  it.each([
    ['看 https://example.org/a?b=c#d 这里', 'https://example.org/a?b=c#d'],
    ['看https://example.org/路径，然后', 'https://example.org/%E8%B7%AF%E5%BE%84'],
    ['(https://en.wikipedia.org/wiki/Magpie_(bird))', 'https://en.wikipedia.org/wiki/Magpie_(bird)'],
    ['Read https://example.org.', 'https://example.org/'],
    ['www.example.org/x!', 'https://www.example.org/x'],
    ['HTTP://EXAMPLE.org', 'http://example.org/'],
    ['“https://example.org”', 'https://example.org/'],
    ['*https://example.org*', 'https://example.org/'],
  ])('%s', (text, address) => {
    expect(addresses(text)).toEqual([address]);
    expect(links(text)[0]?.kind).toBe('web');
  });
});

describe('what runs code or reads files stays text', () => {
  it.each([
    'javascript:alert(1)',
    'JavaScript://example.org/%0aalert(1)',
    'java\u200bscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    'view-source:https://example.org',
  ])('%s', (text) => expect(links(text).filter((link) => link.kind !== 'web')).toEqual([]));
  it('leaves sentences with a colon alone', () => {
    expect(links('注意:明天三点 note:this is text 10:30 C:\\x std::vec')).toEqual([]);
  });
});

it('tells other programs’ schemes and addresses of people', () => {
  expect(links('tel:+8613800138000').map((link) => link.kind)).toEqual(['odd']);
  expect(links('ssh://host/x').map((link) => link.kind)).toEqual(['odd']);
  expect(links('xmpp:wang@example.org?message').map((link) => link.kind)).toEqual(['xmpp']);
  expect(links('写信给 wang.xm@example.org。').map((link) => link.href)).toEqual(['mailto:wang.xm@example.org']);
});

it('loses no character', () => {
  const text = '一 https://a.example/1, two www.b.example (https://c.example/(x)) 完';
  expect(
    findLinks(text)
      .map((piece) => (typeof piece === 'string' ? piece : piece.text))
      .join(''),
  ).toBe(text);
});
