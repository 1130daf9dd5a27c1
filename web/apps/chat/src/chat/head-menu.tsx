// What else one can do with a conversation: details, pin, mute.
import { BellIcon, InfoIcon, MoreIcon, MuteIcon, PinIcon } from '@magpie/ui';
import { Menu, type MenuItems } from '@magpie/ui/menu';
import type { JSX } from 'solid-js';
import { report, useChat } from './state';
import { t } from './text';

export default function HeadMenu(props: { readonly onInfo: () => void }): JSX.Element {
  const chat = useChat();
  const { conversations } = chat.client;
  const items = (): MenuItems => {
    const { muted = false, pinned = false } = chat.conversation() ?? {};
    return [
      { label: t('showInfo'), icon: InfoIcon, onSelect: () => props.onInfo() },
      {
        label: pinned ? t('unpin') : t('pin'),
        icon: PinIcon,
        onSelect: () => report(conversations.setPinned(chat.jid, !pinned)),
      },
      {
        label: muted ? t('unmute') : t('mute'),
        icon: muted ? BellIcon : MuteIcon,
        onSelect: () => report(conversations.setMuted(chat.jid, !muted)),
      },
    ];
  };
  return <Menu label={t('more')} icon={<MoreIcon />} items={items()} />;
}
