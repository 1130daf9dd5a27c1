// Routes survive the way to the address bar and back; nonsense is the list of chats.
import { expect, it, vi } from 'vitest';

vi.stubGlobal('location', { pathname: '/', hash: '' });
const { href, parent, parseRoute, toChat, toContact, toTab } = await import('./router');

it.each([
  toTab('chats'),
  toTab('contacts'),
  toTab('settings'),
  toChat('wang@localhost'),
  toChat('wang@localhost', 'info'),
  toChat('a/b?c#d@例子.中国'),
  toContact('100%@x'),
  { tab: 'contacts', jid: null, view: 'requests' },
  { tab: 'settings', section: 'privacy' },
  { tab: 'start', screen: 'register', invitation: null },
] as const)('%j', (route) => expect(parseRoute('/', href(route))).toEqual(route));

it('knows an invitation, and what one does for it', () => {
  expect(parseRoute('/invite/Ab_9-x', '')).toEqual({ tab: 'invite', invitation: 'Ab_9-x' });
  expect(parseRoute('/invite/Ab_9-x', '#/login')).toEqual({ tab: 'start', screen: 'login', invitation: 'Ab_9-x' });
  expect(parseRoute('/invite/<script>', '')).toEqual(toTab('chats'));
});

it.each(['#/%E0%A4%A', '#/nowhere', '#', '#/chat', '#javascript:alert(1)'])('%s is the list', (hash) =>
  expect(parseRoute('/', hash)).toEqual(toTab('chats')),
);

it('goes up one screen at a time', () => {
  expect(parent(toChat('a@b', 'info'))).toEqual(toChat('a@b'));
  expect(parent(toChat('a@b'))).toEqual(toTab('chats'));
});
