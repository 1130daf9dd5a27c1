// Where one is in the app: the URL's fragment, plus `/invite/TOKEN`, which is a path because people pass it on.
import { createSignal } from 'solid-js';

export const settingsSections = [
  'profile',
  'appearance',
  'notifications',
  'privacy',
  'devices',
  'storage',
  'account',
  'shortcuts',
  'about',
] as const;
export type SettingsSection = (typeof settingsSections)[number];
export const chatPanels = ['info', 'search', 'media'] as const;
export type ChatPanel = (typeof chatPanels)[number];
export const contactViews = ['requests', 'add', 'invite', 'blocked'] as const;
export type ContactView = (typeof contactViews)[number];

export type Route =
  | { readonly tab: 'chats'; readonly jid: string | null; readonly panel: ChatPanel | null }
  | { readonly tab: 'contacts'; readonly jid: string | null; readonly view: ContactView | null }
  | { readonly tab: 'settings'; readonly section: SettingsSection | null }
  | { readonly tab: 'start'; readonly screen: 'login' | 'register'; readonly invitation: string | null }
  | { readonly tab: 'invite'; readonly invitation: string };

export type Tab = 'chats' | 'contacts' | 'settings';

const known = <T extends string>(value: string | undefined, all: readonly T[]): T | null =>
  all.find((one) => one === value) ?? null;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** Never fails: what cannot be read is the list of chats. */
export function parseRoute(pathname: string, hash: string): Route {
  const invitation = /^\/invite\/([A-Za-z0-9_~.-]+)\/?$/.exec(pathname)?.[1] ?? null;
  const [first, second, third] = hash.replace(/^#\/?/, '').split('/').map(decode);
  switch (first) {
    case 'login':
    case 'register':
      return { tab: 'start', screen: first, invitation };
    case 'contacts':
      return { tab: 'contacts', jid: null, view: known(second, contactViews) };
    case 'contact':
      return { tab: 'contacts', jid: second || null, view: null };
    case 'settings':
      return { tab: 'settings', section: known(second, settingsSections) };
    case 'chat':
      return { tab: 'chats', jid: second || null, panel: second ? known(third, chatPanels) : null };
    default:
      return invitation && !first ? { tab: 'invite', invitation } : { tab: 'chats', jid: null, panel: null };
  }
}

/** The fragment (or path) of a route, for `href`. */
export function href(route: Route): string {
  switch (route.tab) {
    case 'chats':
      return route.jid ? `#/chat/${encodeURIComponent(route.jid)}${route.panel ? `/${route.panel}` : ''}` : '#/chats';
    case 'contacts':
      return route.jid ? `#/contact/${encodeURIComponent(route.jid)}` : `#/contacts${route.view ? `/${route.view}` : ''}`;
    case 'settings':
      return `#/settings${route.section ? `/${route.section}` : ''}`;
    case 'start':
      return `#/${route.screen}`;
    case 'invite':
      return `/invite/${route.invitation}`;
  }
}

export const toChat = (jid: string, panel: ChatPanel | null = null): Route => ({ tab: 'chats', jid, panel });
export const toContact = (jid: string): Route => ({ tab: 'contacts', jid, view: null });
export const toTab = (tab: Tab): Route =>
  tab === 'chats'
    ? { tab, jid: null, panel: null }
    : tab === 'contacts'
      ? { tab, jid: null, view: null }
      : { tab, section: null };

/** The screen above: where "back" leads when there is no history of our own. */
export function parent(route: Route): Route {
  if (route.tab === 'chats' && route.jid && route.panel) return toChat(route.jid);
  return toTab(route.tab === 'contacts' || route.tab === 'settings' ? route.tab : 'chats');
}

interface Entry {
  readonly depth: number;
}
const depth = (): number => (history.state as Entry | null)?.depth ?? 0;

const [route, setRoute] = createSignal<Route>(parseRoute(location.pathname, location.hash));
export { route };

const read = () => setRoute(parseRoute(location.pathname, location.hash));

/** Goes to a route. Leaving an invitation's address always goes to `/`, except to log in or register for it. */
export function navigate(to: Route, options: { readonly replace?: boolean } = {}): void {
  const stays = to.tab === 'start' && to.invitation !== null;
  const address = to.tab === 'invite' || stays ? href(to) : `/${href(to)}`;
  const entry: Entry = { depth: options.replace ? depth() : depth() + 1 };
  if (options.replace) history.replaceState(entry, '', address);
  else history.pushState(entry, '', address);
  read();
}

/** One screen back: the browser's own history when it is ours, else up. */
export function back(): void {
  if (depth() > 0) history.back();
  else navigate(parent(route()), { replace: true });
}

/** Starts listening. Links with a fragment make entries without depth; they get one here. */
export function startRouter(): void {
  let last = depth();
  const arrived = () => {
    if (history.state === null) history.replaceState({ depth: last + 1 } satisfies Entry, '');
    last = depth();
    read();
  };
  addEventListener('popstate', arrived);
}
