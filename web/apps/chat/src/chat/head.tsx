// The head of a conversation: who, whether they are there or typing, search and what else there is. Calls will stand before search.
import { Avatar, IconButton, MoreIcon, SearchIcon } from '@magpie/ui';
import { ago } from '@magpie/ui/time';
import { createEffect, lazy, Suspense, type JSX } from 'solid-js';
import { PaneHead } from '../layout/pane-head';
import { navigate, toChat } from '../router';
import { fromStore } from '../state/signal';
import { useChat } from './state';
import { t } from './text';

/** Menus need more than the first message does: they come after it. */
const HeadMenu = lazy(() => import('./head-menu'));

export function ChatHead(): JSX.Element {
  const chat = useChat();
  const { presence, profiles } = chat.client;
  const profile = fromStore(profiles.of(chat.jid));
  const there = fromStore(presence.of(chat.jid));
  createEffect(() => {
    if (there().status === 'offline' && there().lastSeen === null) presence.askLastSeen(chat.jid).catch(() => undefined);
  });
  const status = () => {
    if (chat.conversation()?.typing) return <span class="head-typing">{t('typing')}…</span>;
    const { status, lastSeen, text } = there();
    if (status !== 'offline') return text || t(status);
    if (lastSeen) return t('lastSeen', ago(lastSeen));
    // Of whom one sees no presence, "offline" would be a guess.
    return ['mutual', 'i-follow'].includes(chat.client.contacts.get(chat.jid)?.relation ?? 'none') ? t('offline') : chat.jid;
  };
  const info = () => navigate(toChat(chat.jid, 'info'));
  return (
    <PaneHead
      start={
        <button type="button" class="head-avatar" aria-label={t('openInfo', chat.name())} title={t('showInfo')} onClick={info}>
          <Avatar name={chat.name()} seed={chat.jid} picture={profile().avatar?.blob} size={40} presence={there().status} />
        </button>
      }
      title={<bdi>{chat.name()}</bdi>}
      text={status()}
      actions={
        <>
          <IconButton label={t('search')} title={t('search')} onClick={() => chat.setSearching(true)}>
            <SearchIcon />
          </IconButton>
          <Suspense
            fallback={
              <IconButton label={t('more')}>
                <MoreIcon />
              </IconButton>
            }
          >
            <HeadMenu onInfo={info} />
          </Suspense>
        </>
      }
    />
  );
}
